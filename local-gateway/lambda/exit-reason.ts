import { constants } from "node:os";

/** What Lambda calls the signals that end a process; it takes the names from Linux. */
const SIGNAL_NAMES: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGHUP: "hangup",
  SIGILL: "illegal instruction",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGQUIT: "quit",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

/** @see https://man7.org/linux/man-pages/man3/errno.3.html */
const OUT_OF_DESCRIPTORS = new Set(["EMFILE", "ENFILE"]);
const LIMIT = "too many open files: no process can be started (see ulimit -n)";

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
  /** Why it did not start. */
  readonly spawnError: Error | undefined;
}

/** Says in Lambda's words why a runtime exited, for example `with error: signal: killed`. */
export function exitReason({ exitCode, signalCode, spawnError }: ProcessEnd): string {
  if (spawnError !== undefined) {
    const code = "code" in spawnError ? String(spawnError.code) : "";
    return `with error: ${OUT_OF_DESCRIPTORS.has(code) ? LIMIT : spawnError.message}`;
  }
  if (signalCode !== null) {
    const name = SIGNAL_NAMES[signalCode] ?? `signal ${constants.signals[signalCode]}`;
    return `with error: signal: ${name}`;
  }
  return exitCode === 0 ? "without providing a reason" : `with error: exit status ${exitCode}`;
}
