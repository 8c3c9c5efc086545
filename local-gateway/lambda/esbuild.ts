import { closeSync, openSync } from "node:fs";
import { type BuildOptions, stop } from "esbuild";
import { LocalGatewayError } from "../errors.ts";
import type { EsbuildProperties } from "../template/code.ts";

type Value = EsbuildProperties[string];

/** Turns the value of one BuildProperty into the value of its esbuild option. */
type Convert = (value: Value, name: string) => unknown;

/** The options that SAM adds to every build, and its defaults. */
const DEFAULTS = { bundle: true, platform: "node", target: "es2020", format: "cjs", minify: true };

/**
 * The BuildProperties that are supported. A flag is true or false; a list may be written with commas too, as esbuild's
 * command line wants it; pairs are a list of `key=value`.
 */
const CONVERSIONS: Readonly<Record<string, Convert>> = {
  Alias: pairs,
  AssetNames: text,
  Banner: pairs,
  Charset: text,
  ChunkNames: text,
  Conditions: list,
  Define: pairs,
  Drop: list,
  EntryNames: text,
  External: list,
  Footer: pairs,
  Format: text,
  IgnoreAnnotations: flag,
  Inject: list,
  Jsx: text,
  JsxFactory: text,
  JsxFragment: text,
  JsxImportSource: text,
  KeepNames: flag,
  LegalComments: text,
  Loader: pairs,
  MainFields: list,
  Minify: flag,
  MinifyIdentifiers: flag,
  MinifySyntax: flag,
  MinifyWhitespace: flag,
  OutExtension: pairs,
  Outbase: text,
  Packages: text,
  PreserveSymlinks: flag,
  Pure: list,
  ResolveExtensions: list,
  SourceRoot: text,
  Sourcemap: flagOrText,
  SourcesContent: flag,
  Splitting: flag,
  Target: list,
  TreeShaking: flag,
  Tsconfig: text,
};

/**
 * The esbuild options of a function's BuildProperties; EntryPoints, which name files, are not among them.
 *
 * Throws a LocalGatewayError BUILD_FAILED when a property is unknown or its value has the wrong form.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export function esbuildOptions(properties: EsbuildProperties): BuildOptions {
  const options: Record<string, unknown> = { ...DEFAULTS };
  for (const [name, value] of Object.entries(properties)) {
    if (name !== "EntryPoints") {
      const convert = CONVERSIONS[name];
      if (convert === undefined) {
        throw invalid(name, "is not known here");
      }
      options[`${name.charAt(0).toLowerCase()}${name.slice(1)}`] = convert(value, name);
    }
  }
  return options;
}

function text(value: Value): string {
  return String(value);
}

function flag(value: Value, name: string): boolean {
  if (value === true || value === "true") {
    return true;
  }
  if (value === false || value === "false") {
    return false;
  }
  throw invalid(name, "must be true or false");
}

function flagOrText(value: Value, name: string): boolean | string {
  return typeof value === "string" && !/^(true|false)$/.test(value) ? value : flag(value, name);
}

function list(value: Value): string[] {
  return Array.isArray(value)
    ? value.map(String)
    : String(value)
        .split(",")
        .map((item) => item.trim());
}

function pairs(value: Value, name: string): Record<string, string> {
  return Object.fromEntries(
    list(Array.isArray(value) ? value : [String(value)]).map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 1) {
        throw invalid(name, `must be a list of key=value, not "${pair}"`);
      }
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function invalid(name: string, problem: string): LocalGatewayError {
  return new LocalGatewayError("BUILD_FAILED", `the BuildProperty ${name} ${problem}`);
}

/** More file descriptors than the start of a process needs: its pipes, and those of Node. */
const DESCRIPTORS = 10;

// esbuild has one process for all of its users in this one.
let users = 0;

/**
 * Keeps esbuild's process, which starts with the first build, running: it ends when everything that retains it has
 * released it. An idle one needs more memory than an execution environment.
 *
 * Throws a LocalGatewayError BUILD_FAILED when there are too few file descriptors to start it: esbuild would not catch
 * that, and end this process.
 *
 * @see https://esbuild.github.io/api/#stop
 */
export function retainEsbuild(): AsyncDisposable {
  requireDescriptors();
  users += 1;
  return {
    [Symbol.asyncDispose]: async () => {
      users -= 1;
      if (users === 0) {
        await stop();
      }
    },
  };
}

function requireDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < DESCRIPTORS) {
      opened.push(openSync(import.meta.filename, "r"));
    }
  } catch (cause) {
    const problem = "too many open files: esbuild cannot be started (see ulimit -n)";
    throw new LocalGatewayError("BUILD_FAILED", problem, { cause });
  } finally {
    for (const descriptor of opened) {
      closeSync(descriptor);
    }
  }
}
