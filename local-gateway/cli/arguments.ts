import { resolve } from "node:path";
import { parseArgs, types } from "node:util";
import { isHostName, isOrigin } from "../cross-origin-protection.ts";
import { LONGEST_TIME } from "../deadline.ts";
import { FAULTS, type FaultSettings, parseFaults } from "../faults/settings.ts";
import { parseOverrides } from "../options.ts";

/** The command line, understood. */
interface Arguments extends FunctionArguments {
  /** Absent when the command line names none. */
  readonly template: string | undefined;
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
    template: { type: "string" },
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
  const isDefault = resolve(values.template ?? DEFAULT_TEMPLATE) === resolve(DEFAULT_TEMPLATE);
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

/** How the functions run. */
interface FunctionArguments {
  /** Absent unless the command line switches it off. */
  readonly watch?: false;
  /** The port for a debugger, 0 for any free one. */
  readonly inspect?: number;
  readonly maxEnvironments?: number;
}

interface FunctionValues {
  readonly "no-watch"?: boolean | undefined;
  readonly inspect?: string | undefined;
  readonly "max-environments"?: string | undefined;
}

const MAX_PORT_OF_PARSE_FUNCTION_OPTIONS = 65_535;

/** Reads the options of the command line that are about functions. Throws with one sentence when a value is wrong. */
function parseFunctionOptions(values: FunctionValues): FunctionArguments {
  const { inspect, "max-environments": maxEnvironments } = values;
  if (inspect !== undefined && maxEnvironments !== undefined) {
    throw new Error("--max-environments cannot go with --inspect: a debugger has one environment.");
  }
  return {
    ...(values["no-watch"] && { watch: false }),
    ...(inspect !== undefined && {
      inspect: numberOf("--inspect", inspect, 0, MAX_PORT_OF_PARSE_FUNCTION_OPTIONS),
    }),
    ...(maxEnvironments !== undefined && {
      maxEnvironments: numberOf("--max-environments", maxEnvironments, 1, 1000),
    }),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) {
    return number;
  }
  const range = `a number from ${least} to ${most}`;
  throw new Error(`${option} takes ${range}, not ${JSON.stringify(text)}.`);
}

/** What `--help` prints. */
export const USAGE = `Runs the WebSocket API, the functions and the tables of a SAM template on this machine.

  exec [OPTIONS] -- COMMAND       run a command with the gateway's URLs in its environment, then stop

  --template FILE                 the template (template.yaml, template.yml, .aws-sam/build/template.yaml
                                  or cdk.out/*.template.json)
  --host HOST                     the address to listen on (127.0.0.1)
  --port N                        the port of the API, 0 for any free one (3300)
  --dynamodb-port N               the port of the embedded DynamoDB (3301; with --port any free one)
  --static DIR                    serve the files of a folder at / (none)
  --default-static DIR            the same, for ./template.yaml only (none)
  --allow-host NAME               accept requests for a further host name; may be repeated
  --allow-origin ORIGIN           let a web page call the signed APIs; may be repeated
  --parameter-overrides K=V ...   values of the template's parameters
  --idle-timeout S                seconds without traffic until a connection is closed (600)
  --connection-duration S         seconds until any connection is closed (7200)
  --no-watch                      do not reload a function when its sources change
  --inspect[=PORT]                let a debugger attach to the first function, on 9229; to the next on 9230, ...
  --max-environments N            the reserved concurrency of each function (none: events wait)
  --fault NAME=SHARE[:MS]         let something go wrong on a share of occasions, 0 to 1; may be repeated
  --fault-seed N                  chooses the occasions (1)
  --log-bodies                    report the texts of messages, answers and posts too
  --quiet                         report errors only
  --help, -h                      print this
  --version                       print the version

Faults: ${Object.keys(FAULTS).join(", ")}
`;
