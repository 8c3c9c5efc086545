import { readFile } from "node:fs/promises";
import { LocalGatewayError } from "../errors.ts";
import { isRecord, isScalar } from "./values.ts";

type Values = Readonly<Record<string, string>>;

/** Values of environment variables that count before those of a template. */
export interface EnvVars {
  /** The file that has them, as it was named. */
  readonly file: string;
  /** For every function that declares the variable. */
  readonly everywhere: Values;
  /** By the logical id or the name of a function: what counts before `everywhere`. */
  readonly functions: Readonly<Record<string, Values>>;
}

/** The member whose variables are for all functions. */
const EVERYWHERE = "Parameters";

/**
 * Reads a file of the form that `sam local invoke --env-vars` takes: a JSON object with variables by the names of
 * functions, or under `Parameters` for all of them. Numbers, true and false become strings.
 *
 * Throws `INVALID_OPTION` when the file cannot be read or has another form.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-invoke.html#serverless-sam-cli-using-invoke-environment-file
 */
export async function readEnvVars(file: string): Promise<EnvVars> {
  const content = await readJson(file);
  if (!isRecord(content)) {
    throw invalid(`${file} must be a JSON object with variables by the names of functions.`);
  }
  const functions = new Map(
    Object.entries(content).map(([name, values]) => [name, readValues(file, name, values)]),
  );
  const everywhere = functions.get(EVERYWHERE) ?? {};
  functions.delete(EVERYWHERE);
  return { file, everywhere, functions: Object.fromEntries(functions) };
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw invalid(`The file of environment variables ${file} cannot be read.`, cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`The file of environment variables ${file} is not JSON.`, cause);
  }
}

function readValues(file: string, functionName: string, values: unknown): Values {
  if (!isRecord(values)) {
    throw invalid(`${functionName} in ${file} must be an object with values by variable names.`);
  }
  const texts = Object.entries(values).map(([name, value]) => {
    if (!isScalar(value)) {
      const problem = "must be a text, a number, true or false";
      throw invalid(`${functionName}.${name} in ${file} ${problem}.`);
    }
    return [name, String(value)] as const;
  });
  return Object.fromEntries(texts);
}

function invalid(sentence: string, cause?: unknown): LocalGatewayError {
  return new LocalGatewayError("INVALID_OPTION", sentence, cause === undefined ? {} : { cause });
}
