import { inspect } from "node:util";
import { isHostName, isOrigin } from "./cross-origin-protection.ts";
import { LONGEST_TIME } from "./deadline.ts";
import { LocalGatewayError } from "./errors.ts";
import type { FaultSettings } from "./faults/settings.ts";
import type { FunctionsOptions } from "./lambda/start.ts";
import { cutText } from "./text.ts";

/** What a local gateway runs, and where. */
export interface LocalGatewayOptions
  extends Pick<FunctionsOptions, "watch" | "inspect" | "maxEnvironments"> {
  /** The path of a SAM template with a WebSocket API. */
  readonly template: string;
  /** The logical id of the one WebSocket API that runs; all of the template's when absent. */
  readonly api?: string | undefined;
  /** The name of the stage that runs; all of them when absent. */
  readonly stage?: string | undefined;
  /** 127.0.0.1 when absent. */
  readonly host?: string | undefined;
  /** 0, any free port, when absent. A second API has the next free port. */
  readonly port?: number | undefined;
  /** 0, any free port, when absent. */
  readonly dynamodbPort?: number | undefined;
  /** us-east-1 when absent. */
  readonly region?: string | undefined;
  /** Values of the template's parameters, as in `sam deploy`. */
  readonly parameterOverrides?: Readonly<Record<string, string>> | undefined;
  /**
   * The path of a file with values of the functions' environment variables, as `sam local invoke --env-vars` takes it; the
   * template's own when absent.
   */
  readonly envVars?: string | undefined;
  /** Seconds without traffic after which a connection is closed; 600, as on AWS, when absent. */
  readonly idleTimeout?: number | undefined;
  /** Seconds after which any connection is closed; 7200, as on AWS, when absent. */
  readonly connectionDuration?: number | undefined;
  /** Fault injection: what goes wrong, how often, and by which seed; nothing when absent. */
  readonly faults?: FaultSettings | undefined;
  /** The path of a folder whose files are served at `/`; nothing is served when absent. */
  readonly staticDirectory?: string | undefined;
  /**
   * Names, without ports, under which requests are accepted, in addition to `localhost`, `host.docker.internal`, IP
   * addresses, `host` and the API's own host on AWS.
   */
  readonly allowHosts?: readonly string[] | undefined;
  /** The web pages that may call the signed APIs, for example `http://localhost:5173`; none when absent. */
  readonly allowOrigins?: readonly string[] | undefined;
  /** A page on a port of its own that shows what happens; none when absent. */
  readonly inspector?: boolean | undefined;
  /** The path of a file that the session is recorded to; nothing is recorded when absent. */
  readonly record?: string | undefined;
  /** Report errors only. */
  readonly quiet?: boolean | undefined;
  /** Report the texts of messages, answers and posts too. */
  readonly logBodies?: boolean | undefined;
  /** Takes each line that the gateway reports; standard output when absent. Must not throw. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Colours in the lines. */
  readonly colours?: boolean | undefined;
}

/** Characters of an invalid value that its sentence shows. */
const MAX_SHOWN = 200;

/** The project's template, which the command line takes first when it names none. */
export const DEFAULT_TEMPLATE = "template.yaml";

/** The region when none is named. */
export const DEFAULT_REGION = "us-east-1";

/** The address to listen on when none is named: this machine only. */
export const DEFAULT_HOST = "127.0.0.1";

/** The values that an option takes. */
interface Values {
  /** In words, for the sentence that rejects any other value. */
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
  /**
   * Reads a text of the command line. What it makes of a malformed text is not accepted. Absent when one option is made of
   * several arguments: cli/arguments.ts reads those.
   */
  readonly read?: (text: string) => unknown;
}

/** One option: what it takes, how the command line spells it, and what its help and the documentation say. */
export interface Option {
  readonly takes: Values;
  /** The option is a list of such values, and the command line may repeat it. */
  readonly many?: true;
  /** As the command line spells it, with its value; absent when it has no such option. */
  readonly flag?: string;
  /** What the flag means when it has no value. */
  readonly alone?: string;
  /** What the command line takes when the option is absent. */
  readonly default?: string;
  readonly help: string;
}

export const TEXT: Values = {
  words: "a text that is not empty",
  accepts: (value) => typeof value === "string" && value !== "",
  read: (text) => text,
};

export const SWITCH: Values = {
  words: "true or false",
  accepts: (value) => typeof value === "boolean",
  read: (text) => text === "true",
};

const SECONDS: Values = {
  words: `a number of seconds above 0 and up to ${LONGEST_TIME}`,
  accepts: (value) => typeof value === "number" && value > 0 && value <= LONGEST_TIME,
  read: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
};

const PORT = wholeNumber(0, 65_535);

/** Whole numbers within these bounds, the bounds included. */
export function wholeNumber(least: number, most: number): Values {
  return {
    words: `a whole number from ${least} to ${most}`,
    accepts: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    read: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
  };
}

const HOST_NAMES: Values = {
  words: "names without ports",
  accepts: (value) => typeof value === "string" && isHostName(value),
  read: (text) => text,
};

const ORIGINS: Values = {
  words: "origins such as http://localhost:5173",
  accepts: (value) => typeof value === "string" && isOrigin(value),
  read: (text) => text,
};

const PARAMETERS: Values = {
  words: "an object with texts by the names of parameters",
  accepts: (value) =>
    isRecord(value) && Object.values(value).every((text) => typeof text === "string"),
};

/** The faults themselves are checked where they are read. */
const FAULT_SETTINGS: Values = {
  words: "an object with shares by the names of faults",
  accepts: isRecord,
};

const CALLBACK: Values = {
  words: "a function",
  accepts: (value) => typeof value === "function",
};

/**
 * Every option of the gateway, in the order of the help. The checks, the command line, its help and the table in
 * docs/local-gateway.md are made of this one.
 */
export const OPTIONS: { readonly [Name in keyof Required<LocalGatewayOptions>]: Option } = {
  template: {
    takes: TEXT,
    flag: "--template FILE",
    help: "a template with a WebSocket API; the command line finds the project's own",
  },
  api: {
    takes: TEXT,
    flag: "--api ID",
    help: "run one of the template's WebSocket APIs, by its logical id",
  },
  stage: {
    takes: TEXT,
    flag: "--stage NAME",
    help: "run one stage only",
  },
  host: {
    takes: TEXT,
    flag: "--host HOST",
    default: DEFAULT_HOST,
    help: "the address to listen on",
  },
  port: {
    takes: PORT,
    flag: "--port N",
    default: "3300",
    help: "the port of the API, 0 for any free one; a second API has the next free port",
  },
  dynamodbPort: {
    takes: PORT,
    flag: "--dynamodb-port N",
    default: "3301",
    help: "the port of the embedded DynamoDB; with --port alone any free one",
  },
  region: {
    takes: TEXT,
    default: DEFAULT_REGION,
    help: "the AWS region; the command line reads it from AWS_REGION",
  },
  staticDirectory: {
    takes: TEXT,
    flag: "--static DIR",
    help: "serve the files of a folder at /",
  },
  allowHosts: {
    takes: HOST_NAMES,
    many: true,
    flag: "--allow-host NAME",
    help: "accept requests for a further host name; may be repeated",
  },
  allowOrigins: {
    takes: ORIGINS,
    many: true,
    flag: "--allow-origin ORIGIN",
    help: "let a web page call the signed APIs; may be repeated",
  },
  parameterOverrides: {
    takes: PARAMETERS,
    flag: "--parameter-overrides K=V ...",
    help: "values of the template's parameters, as for sam deploy",
  },
  envVars: {
    takes: TEXT,
    flag: "--env-vars FILE",
    help: "values of the functions' environment variables, as for sam local invoke",
  },
  idleTimeout: {
    takes: SECONDS,
    flag: "--idle-timeout S",
    default: "600",
    help: "seconds without traffic after which a connection is closed",
  },
  connectionDuration: {
    takes: SECONDS,
    flag: "--connection-duration S",
    default: "7200",
    help: "seconds after which any connection is closed",
  },
  watch: {
    takes: SWITCH,
    flag: "--no-watch",
    alone: "false",
    default: "true",
    help: "do not reload a function when its sources change",
  },
  inspect: {
    takes: PORT,
    flag: "--inspect[=PORT]",
    alone: "9229",
    help: "let a debugger attach to the first function, on port 9229; to the next on 9230, ...",
  },
  maxEnvironments: {
    takes: wholeNumber(1, 1000),
    flag: "--max-environments N",
    help: "the reserved concurrency of each function; without it events wait",
  },
  faults: {
    takes: FAULT_SETTINGS,
    flag: "--fault NAME=SHARE[:MS]",
    help: "fault injection: let something go wrong in a share of cases, 0 to 1; may be repeated",
  },
  inspector: {
    takes: SWITCH,
    flag: "--no-inspector",
    alone: "false",
    default: "true",
    help: "do not serve the page that shows what happens",
  },
  record: {
    takes: TEXT,
    flag: "--record FILE",
    help: "record the session, with all bodies and tokens, to a file for replay",
  },
  logBodies: {
    takes: SWITCH,
    flag: "--log-bodies",
    alone: "true",
    default: "false",
    help: "print the texts of messages, answers and posts too",
  },
  quiet: {
    takes: SWITCH,
    flag: "--quiet",
    alone: "true",
    default: "false",
    help: "print errors only",
  },
  onLine: {
    takes: CALLBACK,
    help: "takes each line instead of the standard output",
  },
  colours: {
    takes: SWITCH,
    help: "colour the lines; the command line does so on a terminal",
  },
};

/** The first Node with the module hooks that a function's process needs; also in package.json. */
const FIRST_NODE = { major: 22, minor: 15 };

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const { major: firstMajor, minor: firstMinor } = FIRST_NODE;
  if (major < firstMajor || (major === firstMajor && minor < firstMinor)) {
    const first = `${firstMajor}.${firstMinor}`;
    const sentence = `The local gateway needs Node ${first} or later, not ${process.version}.`;
    throw new LocalGatewayError("NODE_TOO_OLD", sentence);
  }
}

/**
 * Checks the options of the programmatic start. Throws `NODE_TOO_OLD` when this Node cannot run the gateway, and
 * `INVALID_OPTION` with one sentence when there is no such option, when a value is invalid, or when two options exclude
 * each other.
 */
export function checkOptions(options: LocalGatewayOptions): void {
  checkNode();
  if (!isRecord(options)) {
    throw invalidValue("startLocalGateway", "an object with options", options);
  }
  checkValue("template", OPTIONS.template, options.template);
  checkValues(OPTIONS, options);
  if (options.inspect !== undefined && options.maxEnvironments !== undefined) {
    const sentence =
      "inspect and maxEnvironments exclude each other: a debugger has one environment.";
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
}

/** What an option takes. */
export type Check = Pick<Option, "takes" | "many">;

/**
 * Checks options by a table with all that there are; one that is undefined counts as absent. Throws `INVALID_OPTION` with
 * one sentence when there is no such option, or when a value is invalid.
 */
export function checkValues(table: Readonly<Record<string, Check>>, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(table, name) ? table[name] : undefined;
    if (check === undefined) {
      const names = Object.keys(table).join(", ");
      const sentence = `There is no option ${name}: the options are ${names}.`;
      throw new LocalGatewayError("INVALID_OPTION", sentence);
    }
    if (value !== undefined) {
      checkValue(name, check, value);
    }
  }
}

function checkValue(name: string, { takes, many }: Check, value: unknown): void {
  if (many && !Array.isArray(value)) {
    throw invalidValue(name, `a list of ${takes.words}`, value);
  }
  for (const part of many && Array.isArray(value) ? value : [value]) {
    if (!takes.accepts(part)) {
      throw invalidValue(name, takes.words, part);
    }
  }
}

/** The error for a value that an option does not take. */
export function invalidValue(name: string, words: string, value: unknown): LocalGatewayError {
  const shown =
    typeof value === "string"
      ? JSON.stringify(value)
      : inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
  const sentence = `${name} takes ${words}, not ${cutText(shown, MAX_SHOWN)}.`;
  return new LocalGatewayError("INVALID_OPTION", sentence);
}

/** Whether a value is an object with members, not a list. */
export function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
