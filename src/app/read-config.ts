import type { Config } from "./config.ts";

/** Reads the configuration from environment variables. Throws an error that names every one that is missing or wrong. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const read = (name: string): string => {
    const value = variables[name] ?? "";
    if (value === "") {
      problems.push(`${name} is missing`);
    }
    return value;
  };
  const readUrl = (name: string): string => {
    const value = read(name);
    if (value !== "" && !URL.canParse(value)) {
      problems.push(`${name} is no URL`);
    }
    return value;
  };
  const config = {
    connectionsTable: read("CONNECTIONS_TABLE"),
    managementEndpoint: readUrl("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"),
  };
  if (problems.length > 0) {
    throw new Error(`The environment variables are not right: ${problems.join(", ")}.`);
  }
  return config;
}
