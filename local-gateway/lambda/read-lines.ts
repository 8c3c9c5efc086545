import type { Readable } from "node:stream";

/** How the lines of a stream are read. */
export interface LineOptions {
  /** In characters. What is longer is not waited for: a stream without an end of line must not fill the memory. */
  readonly maxLength: number;
  /** Takes each line without its end. `complete` is false for a part of a line that is too long, or that has no end. */
  readonly onLine: (line: string, complete: boolean) => void;
}

/** Reads a stream of UTF-8 line by line. */
export function readLines(input: Readable, { maxLength, onLine }: LineOptions): void {
  let parts: string[] = [];
  let length = 0;
  const add = (text: string) => {
    parts.push(text);
    length += text.length;
  };
  const emit = (complete: boolean) => {
    const line = parts.join("");
    parts = [];
    length = 0;
    onLine(complete && line.endsWith("\r") ? line.slice(0, -1) : line, complete);
  };
  input.setEncoding("utf8");
  input.on("data", (text: string) => {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      add(text.slice(start, end));
      emit(true);
      start = end + 1;
    }
    add(text.slice(start));
    if (length > maxLength) {
      emit(false);
    }
  });
  input.on("end", () => {
    if (length > 0) {
      emit(false);
    }
  });
}
