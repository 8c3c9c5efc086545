/**
 * Lets the command go on when whoever reads its output breaks off, as in `npm start | head -1`, or the terminal is
 * closed: what is written then is lost. Without it the first line that nobody can read any more ends the process.
 *
 * @see https://nodejs.org/api/process.html#a-note-on-process-io
 */
export function ignoreLostReaders(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", () => {});
  }
}
