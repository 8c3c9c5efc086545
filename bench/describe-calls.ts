import type { Operation } from "./operation.ts";

/** The calls that operations made, as the lines of a Markdown table. */
export function describeCalls(made: readonly Omit<Operation, "event">[]): readonly string[] {
  const rows = made.map(
    ({ what, database, posts }) => `| ${what} | ${database.join(", ") || "–"} | ${posts || "–"} |`,
  );
  return ["| operation | DynamoDB | posts |", "|---|---|---|", ...rows];
}
