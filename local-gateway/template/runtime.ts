/**
 * What a function's runtime is made of, which decides how it runs here.
 *
 * - `nodejs`: Node.js, for example `nodejs24.x`.
 * - `python`: Python, for example `python3.13`.
 * - `provided`: the function brings its own runtime, the program `bootstrap`, for example in Go or Rust.
 * - `other`: a language that does not run here, for example `java21`.
 */
export type RuntimeFamily = "nodejs" | "python" | "provided" | "other";

const FAMILIES: readonly (readonly [RegExp, RuntimeFamily])[] = [
  [/^nodejs/, "nodejs"],
  [/^python3\.\d+$/, "python"],
  [/^provided(\.|$)/, "provided"],
];

/**
 * The family of a runtime, by its name in a template.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export function runtimeFamilyOf(runtime: string): RuntimeFamily {
  return FAMILIES.find(([name]) => name.test(runtime))?.[1] ?? "other";
}
