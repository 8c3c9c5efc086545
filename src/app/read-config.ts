import type { Config } from "./config.ts";

/** Reads the configuration from environment variables. Throws an error that names every one that is missing. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const missing: string[] = [];
  const read = (name: string): string => {
    const value = variables[name];
    if (!value) {
      missing.push(name);
    }
    return value ?? "";
  };
  const config = {
    region: read("AWS_REGION"),
    connectionsTable: read("CONNECTIONS_TABLE"),
    managementEndpoint: read("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"),
    dynamoDbEndpoint: read("AWS_ENDPOINT_URL_DYNAMODB"),
  };
  if (missing.length > 0) {
    throw new Error(`Missing environment variables: ${missing.join(", ")}.`);
  }
  return config;
}
