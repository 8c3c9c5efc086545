import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { parseOverrides } from "../options.ts";

/** The command line of one invocation, understood. */
export interface InvokeArguments {
  /** The path of the file with the event; `-` is the standard input. */
  readonly event: string;
  readonly template: string;
  /** The logical id of the function; undefined when the template's only one is meant. */
  readonly functionId: string | undefined;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  /** The origin of a local gateway that runs, `http://127.0.0.1:3300`; undefined when none is meant. */
  readonly origin: string | undefined;
}

const USAGE =
  "Usage: npm run invoke -- EVENT.json [--template FILE] [--function ID] [--parameter-overrides Name=Value ...] [--url URL]";

/**
 * Reads the command line. Throws with the usage when there is no event or an option is not known, and with one sentence
 * when a value is wrong.
 */
export function parseInvokeArguments(args: readonly string[]): InvokeArguments {
  const { values, tokens } = readOptions(args);
  const event = tokens.find((token) => token.kind === "positional");
  if (event === undefined) {
    throw new Error(USAGE);
  }
  return {
    event: event.value,
    template: values.template,
    functionId: values.function,
    parameterOverrides: parseOverrides(tokens.filter((token) => token !== event)),
    origin: values.url === undefined ? undefined : originOf(values.url),
  };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        template: { type: "string", default: "template.yaml" },
        function: { type: "string" },
        "parameter-overrides": { type: "string", multiple: true },
        url: { type: "string" },
      },
      allowPositionals: true,
      tokens: true,
    });
  } catch (cause) {
    throw new Error(USAGE, { cause });
  }
}

/** Any URL that `npm start` prints will do. */
function originOf(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "ws:") {
    throw new Error(
      `--url takes the URL of a local gateway, http://… or ws://…, not ${JSON.stringify(text)}.`,
    );
  }
  return `http://${url.host}`;
}

/**
 * Reads the event in a file, or in the standard input when the file is `-`. Throws with one sentence for the user when
 * there is no such file or it is no JSON object.
 */
export async function readEvent(file: string): Promise<object> {
  const name = file === "-" ? "The standard input" : file;
  const json = file === "-" ? await text(process.stdin) : await readText(file);
  const event = parse(json, name);
  if (typeof event !== "object" || event === null) {
    throw new Error(`${name} is not a JSON object.`);
  }
  return event;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read.`, { cause });
  }
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error(`${name} is not JSON.`, { cause });
  }
}
