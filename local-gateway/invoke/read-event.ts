import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

/**
 * Reads the event in a file, or in the standard input when the file is `-`. Throws with one sentence for the user when
 * there is no such file or it is no JSON object.
 */
export async function readEvent(file: string): Promise<object> {
  const name = file === "-" ? "The standard input" : file;
  const json = file === "-" ? await text(process.stdin) : await readText(file);
  const event = parse(json, name);
  if (typeof event !== "object" || event === null) {
    throw new Error(`${name} is not a JSON object.`);
  }
  return event;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read.`, { cause });
  }
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error(`${name} is not JSON.`, { cause });
  }
}
