import { resolve } from "node:path";
import { parseOverride, parseOverrides, readCommandLine } from "../command-line.ts";
import { FAULTS, MAX_SEED, parseFaults } from "../faults/settings.ts";
import {
  DEFAULT_TEMPLATE,
  invalidValue,
  type LocalGatewayOptions,
  OPTIONS,
  type Option,
  SWITCH,
  TEXT,
  wholeNumber,
} from "../options.ts";

/** What the command line asks for. */
type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "start"; readonly options: StartOptions };

/** The options of a start. The command line may leave the template to be found. */
export type StartOptions = Omit<LocalGatewayOptions, "template"> & {
  readonly template?: string;
  readonly host: string;
};

/** The options of the command line that the gateway itself does not have. */
export const COMMAND_OPTIONS = {
  defaultStatic: {
    takes: TEXT,
    flag: "--default-static DIR",
    help: "as --static, but for ./template.yaml only",
  },
  defaultParameter: {
    takes: TEXT,
    flag: "--default-parameter K=V",
    help: "as --parameter-overrides, which goes before it, but for ./template.yaml only",
  },
  faultSeed: {
    takes: wholeNumber(0, MAX_SEED),
    flag: "--fault-seed N",
    default: "1",
    help: "chooses the cases in which faults are injected",
  },
  help: { takes: SWITCH, flag: "--help, -h", alone: "true", help: "print this help" },
  version: { takes: SWITCH, flag: "--version", alone: "true", help: "print the version" },
} satisfies Readonly<Record<string, Option>>;

/** What is read from the command line, by the names of both tables. */
interface Values extends StartOptions {
  readonly defaultStatic?: string;
  readonly defaultParameter?: string;
  readonly faultSeed?: number;
  readonly help?: boolean;
  readonly version?: boolean;
}

/** An option that the command line has. */
interface Row extends Option {
  readonly name: string;
  readonly flag: string;
}

const ROWS: readonly Row[] = Object.entries<Option>({ ...OPTIONS, ...COMMAND_OPTIONS }).flatMap(
  ([name, { flag, ...row }]) => (flag === undefined ? [] : [{ ...row, name, flag }]),
);

/**
 * Reads the command line of the local gateway. With `--port` alone DynamoDB's port is any free one: who runs a second
 * gateway has the default one in use.
 *
 * Throws `INVALID_OPTION` with one sentence when an option is unknown or a value is invalid.
 */
export function parseArguments(args: readonly string[]): Command {
  const tokens = tokenize(args);
  const { defaultStatic, defaultParameter, faultSeed, help, version, ...options } =
    readValues(tokens);
  if (help || version) {
    return { kind: help ? "help" : "version" };
  }
  const isDefault = resolve(options.template ?? DEFAULT_TEMPLATE) === resolve(DEFAULT_TEMPLATE);
  const staticDirectory = options.staticDirectory ?? (isDefault ? defaultStatic : undefined);
  const defaults =
    isDefault && defaultParameter !== undefined ? [parseOverride(defaultParameter)] : [];
  const portAlone =
    textsOf(OPTIONS.port, tokens).length > 0 && textsOf(OPTIONS.dynamodbPort, tokens).length === 0;
  const faults = parseFaults(textsOf(OPTIONS.faults, tokens), faultSeed);
  return {
    kind: "start",
    options: {
      ...options,
      ...(portAlone && { dynamodbPort: 0 }),
      ...(staticDirectory !== undefined && { staticDirectory }),
      ...(faults && { faults }),
      parameterOverrides: { ...Object.fromEntries(defaults), ...parseOverrides(tokens) },
    },
  };
}

type Token = ReturnType<typeof tokenize>[number];

function tokenize(args: readonly string[]) {
  const options = Object.fromEntries(ROWS.map(({ flag }) => [keyOf(flag), describeFlag(flag)]));
  const config = {
    args: args.map(withValue),
    options,
    allowPositionals: true,
    tokens: true,
  } as const;
  return readCommandLine(config, "See --help.").tokens;
}

/** node:util's parseArgs knows no flag that may have a value: `--inspect` becomes `--inspect=9229`. */
function withValue(arg: string): string {
  const row = ROWS.find(({ flag }) => flag.startsWith(`${arg}[=`));
  return row === undefined ? arg : `${arg}=${row.alone}`;
}

/** The name in a flag: `--help, -h` is `help`. */
function keyOf(flag: string): string {
  return /^--(?<key>[a-z-]+)/.exec(flag)?.groups?.key ?? flag;
}

function describeFlag(flag: string): { type: "string" | "boolean"; short?: string } {
  const short = /, -(?<letter>\w)$/.exec(flag)?.groups?.letter;
  return { type: /[ =][A-Z]/.test(flag) ? "string" : "boolean", ...(short && { short }) };
}

/** What an option was given, in its order on the command line. */
function textsOf({ flag = "", alone = "" }: Option, tokens: readonly Token[]): string[] {
  const key = keyOf(flag);
  return tokens.flatMap((token) =>
    token.kind === "option" && token.name === key ? [token.value ?? alone] : [],
  );
}

/** The options that were given or have a default; not those that are made of several arguments. */
function readValues(tokens: readonly Token[]): Values {
  const values: Record<string, unknown> = {};
  for (const row of ROWS) {
    const given = textsOf(row, tokens);
    const texts = given.length === 0 && row.default !== undefined ? [row.default] : given;
    const read = row.takes.read;
    if (read !== undefined && texts.length > 0) {
      const parts = texts.map((text) => readText(row, read, text));
      values[row.name] = row.many ? parts : parts.at(-1);
    }
  }
  // What the tables accept is what the options' types say.
  return values as unknown as Values;
}

function readText({ flag, takes }: Row, read: (text: string) => unknown, text: string): unknown {
  const value = read(text);
  if (!takes.accepts(value)) {
    throw invalidValue(`--${keyOf(flag)}`, takes.words, text);
  }
  return value;
}

const FLAG_WIDTH = 32;

/** What `--help` prints. */
export const USAGE = `Runs the WebSocket API, the functions and the tables of a SAM template on this machine.

  ${"exec [OPTIONS] -- COMMAND".padEnd(FLAG_WIDTH)}run a command with the gateway's URLs in its environment, then stop

${ROWS.map(describeRow).join("\n")}

Templates: template.yaml, template.yml, .aws-sam/build/template.yaml or cdk.out/*.template.json
Faults: ${Object.keys(FAULTS).join(", ")}
`;

function describeRow({ flag, takes, help, default: text }: Row): string {
  const shown = text === undefined || takes === SWITCH ? "" : ` (${text})`;
  return `  ${flag.padEnd(FLAG_WIDTH)}${help}${shown}`;
}
