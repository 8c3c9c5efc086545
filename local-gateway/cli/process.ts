/** How long an orderly stop may take, in milliseconds. */
const STOP_LIMIT = 5_000;

/** npm passes on a Ctrl-C that the terminal has sent here already; two so close are one. In milliseconds. */
const SAME_SIGNAL = 500;

const INTERRUPTED = 130;

/** What asks a program to end. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `stop` on the first SIGINT, SIGTERM or SIGHUP and then exits, after 5 seconds at the latest. A second signal exits at
 * once. Returns what ends this.
 *
 * @param exitCode the code to exit with by the first signal; 0 when absent
 */
export function stopOnSignal(
  stop: () => Promise<void>,
  exitCode: (signal: NodeJS.Signals) => number = () => 0,
): () => void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (stoppingSince !== undefined) {
      if (now - stoppingSince > SAME_SIGNAL) {
        process.exit(INTERRUPTED);
      }
      return;
    }
    stoppingSince = now;
    setTimeout(() => process.exit(exitCode(signal)), STOP_LIMIT);
    stop().then(
      () => process.exit(exitCode(signal)),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
  }
  return () => {
    for (const signal of SIGNALS) {
      process.off(signal, onSignal);
    }
  };
}

/**
 * Lets the command go on when the reader of its output ends, as in `npm start | head -1`, or the terminal is closed: what
 * is written then is lost. Without it the first line without a reader ends the process.
 *
 * @see https://nodejs.org/api/process.html#a-note-on-process-io
 */
export function ignoreLostReaders(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", () => {});
  }
}

/**
 * Prints an error that ends a command: its sentence, and its code if it has one. No stack: it would say nothing to
 * somebody who has mistyped an option.
 */
export function printError(error: unknown): void {
  const sentence = (error instanceof Error ? error.message : String(error)).trimEnd();
  const code = error instanceof Error && "code" in error ? ` [${error.code}]` : "";
  console.error(`${sentence}${code}`);
}
