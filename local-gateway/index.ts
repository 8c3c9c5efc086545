// biome-ignore lint/performance/noBarrelFile: this is the public entry of the package.
export {
  type LocalGateway,
  type LocalGatewayOptions,
  startLocalGateway,
} from "./start-local-gateway.ts";
