import type { BuildFailure } from "esbuild";

/** Says why a build failed: one line for each error of esbuild, with file, line and column. */
export function describeBuildFailure(error: unknown): string {
  if (!isBuildFailure(error)) {
    return error instanceof Error ? error.message : String(error);
  }
  return error.errors
    .map(({ text, location }) =>
      location === null
        ? text
        : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    )
    .join("\n");
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
