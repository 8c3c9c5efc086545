import { type ParseArgsConfig, parseArgs, types } from "node:util";
import { LocalGatewayError } from "./errors.ts";

/**
 * Reads a command line with node:util's parseArgs. Throws `INVALID_OPTION` when an option is unknown or has no value; its
 * sentence ends with `advice`.
 */
export function readCommandLine<Config extends ParseArgsConfig>(
  config: Config,
  advice: string,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    const [sentence] = String(types.isNativeError(cause) ? cause.message : cause).split(/[.\n]/, 1);
    throw new LocalGatewayError("INVALID_OPTION", `${sentence}. ${advice}`, { cause });
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
 * Throws `INVALID_OPTION` when one has another form, or when an argument stands elsewhere.
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
      const argument = JSON.stringify(token.value);
      throw new LocalGatewayError("INVALID_OPTION", `Unexpected argument ${argument}. See --help.`);
    }
    if (follows && token.kind !== "option-terminator") {
      overrides.push(...(token.value ?? "").split(BETWEEN).map(parseOverride));
    }
  }
  return Object.fromEntries(overrides);
}

/** One parameter of a command line, in either form. Throws `INVALID_OPTION` when it has another. */
export function parseOverride(text: string): [name: string, value: string] {
  const groups = (LONG_FORM.exec(text) ?? SHORT_FORM.exec(text))?.groups;
  if (groups?.name === undefined || groups.value === undefined) {
    const sentence = `--${OPTION} takes Name=Value, not ${JSON.stringify(text)}.`;
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  return [groups.name, groups.value];
}
