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
