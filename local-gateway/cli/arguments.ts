import { resolve } from "node:path";
import { parseOverride, parseOverrides, readCommandLine } from "../command-line.ts";
import { FAULTS, MAX_SEED, parseFaults } from "../faults/settings.ts";
import {
  DEFAULT_HOST,
  DEFAULT_TEMPLATE,
  invalidValue,
  OPTIONS,
  type Option,
  SWITCH,
  TEXT,
  wholeNumber,
} from "../options.ts";
import type { ConfigOptions } from "./config.ts";

/** What the command line asks for. */
type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "start"; readonly options: StartOptions };

/** The options of a start. The template is absent when it has to be found. */
export type StartOptions = ConfigOptions & { readonly host: string };

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
interface Values extends ConfigOptions {
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
 * Reads the command line of the local gateway. What it leaves out is as in `config`, which is not called when the command
 * line asks for something else than a start. When only the port of the API is chosen, DynamoDB's is any free one: who runs
 * a second gateway has the default one in use.
 *
 * Throws `INVALID_OPTION` with one sentence when an option is unknown or a value is invalid, and what `config` throws.
 */
export function parseArguments(
  args: readonly string[],
  config: () => ConfigOptions = () => ({}),
): Command {
  const tokens = tokenize(args);
  const { help, version, defaultStatic, defaultParameter, faultSeed, ...given } =
    readValues(tokens);
  if (help || version) {
    return { kind: help ? "help" : "version" };
  }
  const shared = withoutExcluded(config(), given);
  const options = { ...DEFAULTS, ...shared, ...given };
  const isDefault = resolve(options.template ?? DEFAULT_TEMPLATE) === resolve(DEFAULT_TEMPLATE);
  const staticDirectory = options.staticDirectory ?? (isDefault ? defaultStatic : undefined);
  const defaults =
    isDefault && defaultParameter !== undefined ? [parseOverride(defaultParameter)] : [];
  const faults = parseFaults(textsOf(OPTIONS.faults, tokens), faultSeed) ?? shared.faults;
  return {
    kind: "start",
    options: {
      ...options,
      host: options.host ?? DEFAULT_HOST,
      dynamodbPort: dynamodbPort(given, shared),
      ...(staticDirectory !== undefined && { staticDirectory }),
      ...(faults && { faults: { ...faults, seed: faultSeed ?? faults.seed } }),
      parameterOverrides: {
        ...Object.fromEntries(defaults),
        ...shared.parameterOverrides,
        ...parseOverrides(tokens),
      },
    },
  };
}

/** A debugger on the command line takes the place of a number of environments in the project's options, and vice versa. */
function withoutExcluded(shared: ConfigOptions, given: ConfigOptions): ConfigOptions {
  const { inspect, maxEnvironments, ...others } = shared;
  return {
    ...others,
    ...(given.maxEnvironments === undefined && inspect !== undefined && { inspect }),
    ...(given.inspect === undefined && maxEnvironments !== undefined && { maxEnvironments }),
  };
}

function dynamodbPort(given: ConfigOptions, shared: ConfigOptions): number | undefined {
  const chosen = [given, shared].find(
    ({ port, dynamodbPort }) => port !== undefined || dynamodbPort !== undefined,
  );
  return chosen ? (chosen.dynamodbPort ?? 0) : DEFAULTS.dynamodbPort;
}

type Token = ReturnType<typeof tokenize>[number];

function tokenize(args: readonly string[]) {
  const options = Object.fromEntries([
    ...ROWS.map(({ flag }) => [keyOf(flag), describeFlag(flag)]),
    ...OPPOSITES.map((key) => [key, { type: "boolean" }]),
  ]);
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

/** The name that undoes a switch of the project's options: `watch` for `--no-watch`, `no-quiet` for `--quiet`. */
function oppositeOf({ takes, flag = "", default: text }: Option): string | undefined {
  const key = keyOf(flag);
  const isSwitch = takes === SWITCH && text !== undefined;
  return isSwitch ? (key.startsWith("no-") ? key.slice("no-".length) : `no-${key}`) : undefined;
}

function describeFlag(flag: string): { type: "string" | "boolean"; short?: string } {
  const short = /, -(?<letter>\w)$/.exec(flag)?.groups?.letter;
  return { type: /[ =][A-Z]/.test(flag) ? "string" : "boolean", ...(short && { short }) };
}

/** What an option was given, in its order on the command line. */
function textsOf(option: Option, tokens: readonly Token[]): string[] {
  const { flag = "", alone = "" } = option;
  const key = keyOf(flag);
  const opposite = oppositeOf(option);
  return tokens.flatMap((token) => {
    if (token.kind !== "option") {
      return [];
    }
    if (token.name === opposite) {
      return [alone === "true" ? "false" : "true"];
    }
    return token.name === key ? [token.value ?? alone] : [];
  });
}

/** The options that were given; not those that are made of several arguments. */
function readValues(tokens: readonly Token[]): Values {
  return readTexts((row) => textsOf(row, tokens));
}

function readTexts(textsOfRow: (row: Row) => readonly string[]): Values {
  const values: Record<string, unknown> = {};
  for (const row of ROWS) {
    const texts = textsOfRow(row);
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

/** What the gateway is started with when neither the command line nor the project says otherwise. */
const { faultSeed: _seed, ...DEFAULTS } = readTexts(({ default: text }) =>
  text === undefined ? [] : [text],
);

const OPPOSITES = ROWS.map(oppositeOf).filter((key) => key !== undefined);

const FLAG_WIDTH = 32;

/** What `--help` prints. */
export const USAGE = `Runs the WebSocket API, the functions and the tables of a SAM template on this machine.

  ${"exec [OPTIONS] -- COMMAND".padEnd(FLAG_WIDTH)}run a command with the gateway's URLs in its environment, then stop
  ${"replay FILE [OPTIONS]".padEnd(FLAG_WIDTH)}run the events of a recording on today's code, and print what differs

${ROWS.map(describeRow).join("\n")}

Templates: template.yaml, template.yml, .aws-sam/build/template.yaml or cdk.out/*.template.json
Options that a project shares: "websocket-api-local" in its package.json. Undo its switches: ${OPPOSITES.map((key) => `--${key}`).join(", ")}
Faults: ${Object.keys(FAULTS).join(", ")}
`;

function describeRow({ flag, takes, help, default: text }: Row): string {
  const shown = text === undefined || takes === SWITCH ? "" : ` (${text})`;
  return `  ${flag.padEnd(FLAG_WIDTH)}${help}${shown}`;
}
