import type { FunctionDefinition } from "../template/function-definition.ts";

const SOURCE_MAPS = "--enable-source-maps";

/**
 * The environment variables that the template gives a function, once it is built. Whoever builds source maps wants them
 * used: SAM switches them on in the function too.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export function variablesOfBuild({
  environment,
  esbuild,
}: Pick<FunctionDefinition, "environment" | "esbuild">): Readonly<Record<string, string>> {
  const options = environment.NODE_OPTIONS ?? "";
  return esbuild?.Sourcemap === true && !options.includes(SOURCE_MAPS)
    ? { ...environment, NODE_OPTIONS: `${options} ${SOURCE_MAPS}`.trim() }
    : environment;
}
