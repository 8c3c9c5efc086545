import { isHostName, isOrigin } from "./cross-origin-protection.ts";
import { LONGEST_TIME } from "./deadline.ts";
import type { FaultSettings } from "./faults/settings.ts";
import type { FunctionsOptions } from "./lambda/start.ts";

/** What a local gateway runs, and where. */
export interface LocalGatewayOptions
  extends Pick<FunctionsOptions, "watch" | "inspect" | "maxEnvironments"> {
  /** The path of a SAM template with one WebSocket API. */
  readonly template: string;
  /** 127.0.0.1 when absent. */
  readonly host?: string | undefined;
  /** 0, any free port, when absent. */
  readonly port?: number | undefined;
  /** 0, any free port, when absent. */
  readonly dynamodbPort?: number | undefined;
  /** us-east-1 when absent. */
  readonly region?: string | undefined;
  /** Values of the template's parameters, as in `sam deploy`. */
  readonly parameterOverrides?: Readonly<Record<string, string>> | undefined;
  /** Seconds without traffic until a connection is closed; 600, as on AWS, when absent. */
  readonly idleTimeout?: number | undefined;
  /** Seconds until any connection is closed; 7200, as on AWS, when absent. */
  readonly connectionDuration?: number | undefined;
  /** What goes wrong on demand, how often, and by which seed; nothing when absent. */
  readonly faults?: FaultSettings | undefined;
  /** The path of a folder whose files are served at `/`; nothing is served when absent. */
  readonly staticDirectory?: string | undefined;
  /**
   * Names, without ports, under which requests are accepted besides `localhost`, `host.docker.internal`, IP addresses,
   * `host` and the API's own host on AWS.
   */
  readonly allowHosts?: readonly string[] | undefined;
  /** The web pages that may call the signed APIs, for example `http://localhost:5173`; none when absent. */
  readonly allowOrigins?: readonly string[] | undefined;
  /** Report errors only. */
  readonly quiet?: boolean | undefined;
  /** Report the texts of messages, answers and posts too. */
  readonly logBodies?: boolean | undefined;
  /** Takes each line that the gateway reports; standard output when absent. Must not throw. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Colours in the lines. */
  readonly colours?: boolean | undefined;
}

const MAX_PORT = 65_535;

/** The first Node with the module hooks that a function's process needs; also in package.json. */
const FIRST_NODE = { major: 22, minor: 15 };

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const { major: firstMajor, minor: firstMinor } = FIRST_NODE;
  if (major < firstMajor || (major === firstMajor && minor < firstMinor)) {
    const first = `${firstMajor}.${firstMinor}`;
    throw new Error(`The local gateway needs Node ${first} or later, not ${process.version}.`);
  }
}

/**
 * Throws with one sentence when this Node is too old, or when an option of the programmatic start has a value that cannot
 * be.
 */
export function checkOptions(options: LocalGatewayOptions): void {
  checkNode();
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

/** An option or a plain argument, as node:util's parseArgs reports it. */
type Token =
  | { readonly kind: "option"; readonly name: string; readonly value?: string | undefined }
  | { readonly kind: "positional"; readonly value: string }
  | { readonly kind: "option-terminator" };

const OPTION = "parameter-overrides";
const SHORT_FORM = /^(?<name>\w+)=(?<quote>"?)(?<value>[^"]*)\k<quote>$/;
const LONG_FORM = /^ParameterKey=(?<name>\w+),ParameterValue=(?<quote>"?)(?<value>[^"]*)\k<quote>$/;
/** The space between two parameters in one argument. */
const BETWEEN = /\s+(?=\w+=)/;

/**
 * The parameters in a command line: every argument that follows `--parameter-overrides`, `Name=Value` or SAM's longer
 * `ParameterKey=Name,ParameterValue=Value`, several of them in one argument too. A value may stand in double quotes.
 *
 * Throws when one has another form, or when an argument stands elsewhere.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
 */
export function parseOverrides(tokens: readonly Token[]): Record<string, string> {
  const overrides: [name: string, value: string][] = [];
  let follows = false;
  for (const token of tokens) {
    if (token.kind === "option") {
      follows = token.name === OPTION;
    }
    if (token.kind === "positional" && !follows) {
      throw new Error(`Unexpected argument ${JSON.stringify(token.value)}. See --help.`);
    }
    if (follows && token.kind !== "option-terminator") {
      overrides.push(...(token.value ?? "").split(BETWEEN).map(overrideOf));
    }
  }
  return Object.fromEntries(overrides);
}

function overrideOf(text: string): [name: string, value: string] {
  const groups = (LONG_FORM.exec(text) ?? SHORT_FORM.exec(text))?.groups;
  if (groups?.name === undefined || groups.value === undefined) {
    throw new Error(`--${OPTION} takes Name=Value, not ${JSON.stringify(text)}.`);
  }
  return [groups.name, groups.value];
}
