// biome-ignore-all lint/performance/noBarrelFile: this is the public entry of the package.

export type { RelayErrorCode } from "./errors.ts";
export { RelayError } from "./errors.ts";
export type {
  Channel,
  ChannelClosed,
  ChannelEvents,
  PresenceChange,
  RelayEvents,
  State,
  StateChange,
} from "./events.ts";
export type { Member, Receipt, RelayMessage, SendOptions, Target } from "./messages.ts";
export type { RelayClientOptions, SubscribeOptions } from "./options.ts";
export type { Clock, WebSocketClass, WebSocketLike } from "./platform.ts";
export { RelayClient } from "./relay-client.ts";
