// biome-ignore-all lint/performance/noBarrelFile: this is the public entry of the package.

export type { RelayErrorCode } from "./errors.ts";
export { RelayError } from "./errors.ts";
export type { RelayEvents, State, StateChange } from "./events.ts";
export type { Receipt, RelayMessage, Target } from "./messages.ts";
export type { RelayClientOptions } from "./options.ts";
export type { Clock, WebSocketClass, WebSocketLike } from "./platform.ts";
export { RelayClient, type SendOptions } from "./relay-client.ts";
