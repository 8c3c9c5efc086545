/**
 * The BuildProperties of a function's esbuild metadata, as written in the template. SAM hands each to esbuild as a
 * flag (`Format` → `--format`), a list once for each item (`External: [a]` → `--external:a`).
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export type EsbuildProperties = Readonly<
  Record<string, string | number | boolean | readonly string[]>
>;
