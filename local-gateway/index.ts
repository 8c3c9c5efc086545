// biome-ignore-all lint/performance/noBarrelFile: this is the public entry of the package.
export { LocalGatewayError, type LocalGatewayErrorCode } from "./errors.ts";
export type { LocalGatewayOptions } from "./options.ts";
export type { LocalApi } from "./run-gateway.ts";
export { type LocalGateway, startLocalGateway } from "./start-local-gateway.ts";
export { TemplateError, type TemplateErrorCode } from "./template/error.ts";
export {
  type Closed,
  ConnectionRejectedError,
  type ConnectOptions,
  connect,
  type TestClient,
} from "./testing/connect.ts";
export type { EventFilter, GatewayClient, Post, ReceivedEvent } from "./testing/recording.ts";
