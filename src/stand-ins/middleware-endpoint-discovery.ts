/**
 * Stands in for the package of the same name, with which a DynamoDB client can ask for the endpoints of its operations.
 * No operation of DynamoDB's needs that, and the template says where DynamoDB is.
 */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

/** What the client would read from the environment and from files about it: nothing. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
