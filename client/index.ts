// biome-ignore-all lint/performance/noBarrelFile: this is the public entry of the package.
export type { Clock } from "./clock.ts";
export type { Receipt } from "./receipt.ts";
export { RelayClient, type SendOptions } from "./relay-client.ts";
export type { RelayClientOptions } from "./relay-client-options.ts";
export { RelayError } from "./relay-error.ts";
export type { RelayErrorCode } from "./relay-error-code.ts";
export type { RelayEvents } from "./relay-events.ts";
export type { RelayMessage } from "./relay-message.ts";
export type { State, StateChange } from "./state-change.ts";
export type { Target } from "./target.ts";
export type { WebSocketLike } from "./web-socket-like.ts";
