import { parseArgs } from "node:util";
import { parseOverrides } from "../parse-overrides.ts";

/** The command line of one invocation, understood. */
export interface InvokeArguments {
  /** The path of the file with the event; `-` is the standard input. */
  readonly event: string;
  readonly template: string;
  /** The logical id of the function; undefined when the template's only one is meant. */
  readonly functionId: string | undefined;
  readonly parameterOverrides: Readonly<Record<string, string>>;
}

const USAGE =
  "Usage: npm run invoke -- EVENT.json [--template FILE] [--function ID] [--parameter-overrides Name=Value ...]";

/** Reads the command line. Throws with the usage when there is no event or an option is not known. */
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
      },
      allowPositionals: true,
      tokens: true,
    });
  } catch (cause) {
    throw new Error(USAGE, { cause });
  }
}
