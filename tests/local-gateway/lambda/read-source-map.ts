import { readFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { ParsedScript } from "./attach-debugger.ts";

/** Knows which line of a source each place of a built script comes from, as a debugger does. Lines count from 1. */
export async function readSourceMap({ url, sourceMapURL }: ParsedScript) {
  const mapUrl = new URL(sourceMapURL, url);
  const map = new SourceMap(JSON.parse(await readFile(mapUrl, "utf8")));
  const built = (await readFile(fileURLToPath(url), "utf8")).split("\n");
  const sourceOf = (lineNumber: number, columnNumber: number) => {
    const entry = map.findEntry(lineNumber, columnNumber);
    return "originalSource" in entry
      ? {
          path: fileURLToPath(new URL(entry.originalSource, mapUrl)),
          line: entry.originalLine + 1,
        }
      : undefined;
  };
  return {
    sourceOf,
    /** The first place that comes from a line of a file. */
    builtFrom(path: string, line: number): { lineNumber: number; columnNumber: number } {
      for (const [lineNumber, text] of built.entries()) {
        for (let columnNumber = 0; columnNumber < text.length; columnNumber += 1) {
          const source = sourceOf(lineNumber, columnNumber);
          if (source?.path === path && source.line === line) {
            return { lineNumber, columnNumber };
          }
        }
      }
      throw new Error(`The script has no code from ${path}:${line}`);
    },
  };
}
