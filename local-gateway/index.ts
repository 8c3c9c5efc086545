// biome-ignore-all lint/performance/noBarrelFile: this is the public entry of the package.
export type { LocalGatewayOptions } from "./options.ts";
export { type LocalGateway, startLocalGateway } from "./start-local-gateway.ts";
