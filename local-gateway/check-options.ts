import { isHostName, isOrigin } from "./cross-origin-protection.ts";
import type { LocalGatewayOptions } from "./local-gateway-options.ts";
import { LONGEST_TIME } from "./longest-time.ts";

const MAX_PORT = 65_535;

/** Throws with one sentence when an option of the programmatic start has a value that cannot be. */
export function checkOptions(options: LocalGatewayOptions): void {
  for (const name of ["template", "host", "region", "staticDirectory"] as const) {
    require(options[name] !== "", name, "a text that is not empty", options[name]);
  }
  for (const name of ["idleTimeout", "connectionDuration"] as const) {
    const { [name]: seconds = 1 } = options;
    const range = `a number of seconds above 0 and up to ${LONGEST_TIME}`;
    require(seconds > 0 && seconds <= LONGEST_TIME, name, range, seconds);
  }
  for (const name of ["port", "dynamodbPort", "inspect"] as const) {
    const { [name]: port = 0 } = options;
    const range = `a whole number from 0 to ${MAX_PORT}`;
    require(Number.isInteger(port) && port >= 0 && port <= MAX_PORT, name, range, port);
  }
  for (const name of options.allowHosts ?? []) {
    require(isHostName(name), "allowHosts", "names without ports", name);
  }
  for (const origin of options.allowOrigins ?? []) {
    require(isOrigin(origin), "allowOrigins", "origins such as http://localhost:5173", origin);
  }
  const { maxEnvironments = 1 } = options;
  const isCount = Number.isInteger(maxEnvironments) && maxEnvironments >= 1;
  require(isCount, "maxEnvironments", "a whole number above 0", maxEnvironments);
}

function require(holds: boolean, name: string, range: string, value: unknown): void {
  if (!holds) {
    throw new Error(`${name} takes ${range}, not ${JSON.stringify(value) ?? value}.`);
  }
}
