import { readFileSync } from "node:fs";

/**
 * One line of a documented conversation: client 1, 2 … sends (`>`) or receives (`<`) a text, or is started in its shell
 * (`$`) with a command.
 */
export interface Line {
  readonly client: string;
  readonly direction: ">" | "<" | "$";
  readonly text: string;
}

/** The conversations of a Markdown page: its code blocks of the language `conversation`, line by line. `kind` is what follows that. */
export function conversations(page: string, kind = ""): readonly (readonly Line[])[] {
  const markdown = readFileSync(page, "utf8");
  const blocks = [...markdown.matchAll(/^```conversation ?(\w*)\n(.*?)^```$/gms)].filter(
    ([, given]) => given === kind,
  );
  return blocks.map(([, , block = ""]) => block.trimEnd().split("\n").map(readLine));
}

function readLine(line: string): Line {
  const [, client, direction, text] = /^(\d)([<>$]) (.*)$/.exec(line) ?? [];
  if (client === undefined || text === undefined || !isDirection(direction)) {
    throw new Error(`This is not a line of a conversation: ${line}`);
  }
  return { client, direction, text };
}

function isDirection(text: string | undefined): text is Line["direction"] {
  return text === ">" || text === "<" || text === "$";
}
