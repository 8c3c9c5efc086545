// biome-ignore-all lint/performance/noBarrelFile: this is the public entry of the package.

export type { RelayErrorCode } from "./errors.ts";
export { RelayError } from "./errors.ts";
export type {
  Channel,
  ChannelClosed,
  ChannelEvents,
  Gap,
  HistoryOptions,
  HistoryPage,
  HistoryPlace,
  PresenceChange,
  RelayEvents,
  State,
  StateChange,
} from "./events.ts";
export type {
  Member,
  MessageOptions,
  Receipt,
  RelayMessage,
  SendOptions,
  Target,
} from "./messages.ts";
export type {
  ChannelPosition,
  Positions,
  RelayClientOptions,
  SubscribeOptions,
} from "./options.ts";
export type { Clock, WebSocketClass, WebSocketLike } from "./platform.ts";
export { RelayClient } from "./relay-client.ts";
