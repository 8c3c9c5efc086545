import { resolve } from "node:path";
import { parseArgs, types } from "node:util";
import { isHostName, isOrigin } from "./cross-origin-protection.ts";
import type { FaultSettings } from "./faults/fault-settings.ts";
import { parseFaults } from "./faults/parse-faults.ts";
import { LONGEST_TIME } from "./longest-time.ts";
import { type FunctionArguments, parseFunctionOptions } from "./parse-function-options.ts";
import { parseOverrides } from "./parse-overrides.ts";

/** The command line, understood. */
export interface Arguments extends FunctionArguments {
  readonly template: string;
  readonly host: string;
  readonly port: number;
  readonly dynamodbPort: number;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  readonly quiet: boolean;
  readonly logBodies: boolean;
  /** In seconds. */
  readonly idleTimeout?: number;
  /** In seconds. */
  readonly connectionDuration?: number;
  /** Absent when nothing is to go wrong. */
  readonly faults?: FaultSettings;
  readonly staticDirectory?: string;
  readonly allowHosts?: readonly string[];
  readonly allowOrigins?: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
}

const DEFAULT_TEMPLATE = "template.yaml";
const DEFAULT_PORT = 3300;
const DEFAULT_DYNAMODB_PORT = 3301;
const DEFAULT_INSPECT_PORT = 9229;
const MAX_PORT = 65_535;

const CONFIG = {
  options: {
    template: { type: "string", default: DEFAULT_TEMPLATE },
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string" },
    "dynamodb-port": { type: "string" },
    static: { type: "string" },
    "default-static": { type: "string" },
    "allow-host": { type: "string", multiple: true },
    "allow-origin": { type: "string", multiple: true },
    "parameter-overrides": { type: "string", multiple: true },
    quiet: { type: "boolean", default: false },
    "log-bodies": { type: "boolean", default: false },
    "idle-timeout": { type: "string" },
    "connection-duration": { type: "string" },
    "no-watch": { type: "boolean", default: false },
    inspect: { type: "string" },
    "max-environments": { type: "string" },
    fault: { type: "string", multiple: true },
    "fault-seed": { type: "string" },
    help: { type: "boolean", short: "h", default: false },
    version: { type: "boolean", default: false },
  },
  allowPositionals: true,
  tokens: true,
} as const;

/**
 * Reads the command line of the local gateway. With `--port` alone DynamoDB's port is any free one: who runs a second
 * gateway has the default one in use.
 *
 * Throws with one sentence for the user, when an option or a value is wrong.
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, tokens } = readOptions(args);
  const port = portOf("--port", values.port) ?? DEFAULT_PORT;
  const dynamodbPort = portOf("--dynamodb-port", values["dynamodb-port"]);
  const idleTimeout = secondsOf("--idle-timeout", values["idle-timeout"]);
  const connectionDuration = secondsOf("--connection-duration", values["connection-duration"]);
  const faults = parseFaults(values.fault, values["fault-seed"]);
  const { "allow-host": allowHosts, "allow-origin": allowOrigins } = values;
  requireAll("--allow-host", allowHosts, isHostName, "a name without a port");
  requireAll("--allow-origin", allowOrigins, isOrigin, "an origin such as http://localhost:5173");
  for (const name of ["template", "host", "static", "default-static"] as const) {
    if (values[name] === "") {
      throw new Error(`--${name} is empty.`);
    }
  }
  const isDefault = resolve(values.template) === resolve(DEFAULT_TEMPLATE);
  const staticDirectory = values.static ?? (isDefault ? values["default-static"] : undefined);
  return {
    template: values.template,
    host: values.host,
    port,
    dynamodbPort: dynamodbPort ?? (values.port === undefined ? DEFAULT_DYNAMODB_PORT : 0),
    parameterOverrides: parseOverrides(tokens),
    quiet: values.quiet,
    logBodies: values["log-bodies"],
    ...(idleTimeout !== undefined && { idleTimeout }),
    ...(connectionDuration !== undefined && { connectionDuration }),
    ...(faults && { faults }),
    ...(staticDirectory !== undefined && { staticDirectory }),
    ...(allowHosts && { allowHosts }),
    ...(allowOrigins && { allowOrigins }),
    ...parseFunctionOptions(values),
    help: values.help,
    version: values.version,
  };
}

function readOptions(args: readonly string[]) {
  try {
    const withPorts = args.map((arg) =>
      arg === "--inspect" ? `--inspect=${DEFAULT_INSPECT_PORT}` : arg,
    );
    return parseArgs({ ...CONFIG, args: withPorts });
  } catch (cause) {
    const [sentence] = String(types.isNativeError(cause) ? cause.message : cause).split(/[.\n]/, 1);
    throw new Error(`${sentence}. See --help.`, { cause });
  }
}

function requireAll(
  option: string,
  texts: readonly string[] = [],
  holds: (text: string) => boolean,
  range: string,
): void {
  const wrong = texts.find((text) => !holds(text));
  if (wrong !== undefined) {
    throw new Error(`${option} takes ${range}, not ${JSON.stringify(wrong)}.`);
  }
}

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return;
  }
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) {
    return port;
  }
  throw new Error(`${option} takes a number from 0 to ${MAX_PORT}, not ${JSON.stringify(text)}.`);
}

function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return;
  }
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= LONGEST_TIME) {
    return seconds;
  }
  const range = `a number of seconds above 0 and up to ${LONGEST_TIME}`;
  throw new Error(`${option} takes ${range}, not ${JSON.stringify(text)}.`);
}
