import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parseOverrides, readCommandLine } from "../command-line.ts";
import { LocalGatewayError } from "../errors.ts";
import { invalidValue } from "../options.ts";

/** What the command line of one invocation asks for. */
export interface InvokeArguments {
  /** The path of the file with the event; `-` is the standard input. */
  readonly event: string;
  /** Undefined when none is named. */
  readonly template: string | undefined;
  /** The logical id of the function; undefined when the template's only one is meant. */
  readonly functionId: string | undefined;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  /** The logical id of the one API that the template is read for; undefined when all of them are. */
  readonly api: string | undefined;
  /** The name of the stage that it is read for; undefined when all of them are. */
  readonly stage: string | undefined;
  /** The path of a file with values of environment variables; undefined when there is none. */
  readonly envVars: string | undefined;
  /** The origin of a local gateway that runs, `http://127.0.0.1:3300`; undefined when none is meant. */
  readonly origin: string | undefined;
}

const USAGE =
  "Usage: npm run invoke -- EVENT.json [--template FILE] [--api ID] [--stage NAME] [--function ID] [--parameter-overrides Name=Value ...] [--env-vars FILE] [--url URL]";

const CONFIG = {
  options: {
    template: { type: "string" },
    api: { type: "string" },
    stage: { type: "string" },
    function: { type: "string" },
    "parameter-overrides": { type: "string", multiple: true },
    "env-vars": { type: "string" },
    url: { type: "string" },
  },
  allowPositionals: true,
  tokens: true,
} as const;

/**
 * Reads the command line. Throws `INVALID_OPTION` with one sentence: with the usage when there is no event or an option
 * is unknown.
 */
export function parseInvokeArguments(args: readonly string[]): InvokeArguments {
  const { values, tokens } = readCommandLine({ ...CONFIG, args: [...args] }, USAGE);
  const event = tokens.find((token) => token.kind === "positional");
  if (event === undefined) {
    throw new LocalGatewayError("INVALID_OPTION", USAGE);
  }
  return {
    event: event.value,
    template: values.template,
    api: values.api,
    stage: values.stage,
    functionId: values.function,
    parameterOverrides: parseOverrides(tokens.filter((token) => token !== event)),
    envVars: values["env-vars"],
    origin: values.url === undefined ? undefined : originOf(values.url),
  };
}

/** Any URL that `npm start` prints will do. */
function originOf(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "ws:") {
    throw invalidValue("--url", "the URL of a local gateway, http://… or ws://…", text);
  }
  return `http://${url.host}`;
}

/**
 * Reads the event in a file, or in the standard input when the file is `-`. Throws `EVENT_UNREADABLE` when it cannot
 * be read or is not a JSON object.
 */
export async function readEvent(file: string): Promise<object> {
  const name = file === "-" ? "The standard input" : file;
  const json = file === "-" ? await text(process.stdin) : await readText(file);
  const event = parse(json, name);
  if (typeof event !== "object" || event === null) {
    throw new LocalGatewayError("EVENT_UNREADABLE", `${name} is not a JSON object.`);
  }
  return event;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new LocalGatewayError("EVENT_UNREADABLE", `${file} cannot be read.`, { cause });
  }
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new LocalGatewayError("EVENT_UNREADABLE", `${name} is not JSON.`, { cause });
  }
}
