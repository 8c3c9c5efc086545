import { cutText } from "./cut-text.ts";

/** What stands behind the verb of a console line. Sizes in bytes, durations in milliseconds. */
export interface LineColumns {
  readonly name?: string | undefined;
  readonly size?: number | undefined;
  readonly duration?: number | undefined;
  readonly problem?: string | undefined;
  readonly body?: string | undefined;
}

const NAME_WIDTH = 18;
const SIZE_WIDTH = 14;
const TIME_WIDTH = 10;
/** More of a body than any line shows. */
const BODY_LENGTH = 200;

/** Aligns the columns of a console line; absent ones stay blank. */
export function lineColumns({ name = "", size, duration, problem, body }: LineColumns): string {
  const bytes = size === undefined ? "" : inBytes(size);
  const time = duration === undefined ? "" : `${Math.round(duration)} ms`;
  const start =
    cutText(name, NAME_WIDTH - 1).padEnd(NAME_WIDTH) +
    bytes.padStart(SIZE_WIDTH) +
    time.padStart(TIME_WIDTH);
  const shown = body === "" ? "(empty)" : body?.slice(0, BODY_LENGTH);
  const rest = [problem, shown].filter((text) => text !== undefined);
  return rest.length === 0 ? start.trimEnd() : [start, ...rest].join("  ");
}

function inBytes(size: number): string {
  return size === 1 ? "1 byte" : `${size.toLocaleString("en")} bytes`;
}
