/**
 * Takes one noteworthy event to the log, with what happened and to which request of which connection. Nothing that a
 * client wrote belongs in `details`.
 */
export type Log = (
  level: "info" | "warn" | "error",
  event: string,
  details: Readonly<Record<string, unknown>>,
) => void;
