import { open } from "node:fs/promises";
import { types } from "node:util";
import { LocalGatewayError } from "../errors.ts";
import type { Entry, EntryKind } from "../timeline/entry.ts";
import { FORMAT, type RecordingEnd, type RecordingHeader, VERSION } from "./format.ts";

/** A session, as it was recorded. */
export interface RecordedSession {
  readonly header: RecordingHeader;
  /** In the order of their ids. */
  readonly entries: readonly Entry[];
}

/**
 * Reads a recording. Throws `RECORDING_UNREADABLE` when the file cannot be read, is not a recording, is of another version,
 * has a line that is not an entry, or has no end.
 */
export async function readRecording(file: string): Promise<RecordedSession> {
  const fail = (problem: string, cause?: unknown) => {
    const sentence = `The recording ${file} cannot be replayed: ${problem}.`;
    return new LocalGatewayError("RECORDING_UNREADABLE", sentence, { cause });
  };
  let header: RecordingHeader | undefined;
  const entries: Entry[] = [];
  let number = 0;
  for await (const text of linesOf(file, fail)) {
    number += 1;
    const line = parse(text);
    if (header === undefined) {
      header = checkHeader(line, fail);
    } else if (isEnd(line)) {
      if (line.entries !== entries.length) {
        throw fail(`it has ${entries.length} entries, and ${line.entries} were written`);
      }
      return { header, entries };
    } else if (isEntry(line)) {
      entries.push(line);
    } else if (line === undefined) {
      throw fail(`line ${number} is cut off, or not JSON`);
    } else {
      throw fail(`line ${number} is not an entry`);
    }
  }
  throw fail(
    header === undefined
      ? "the file is empty"
      : `it is cut off after line ${number}: the gateway has not ended, or was killed`,
  );
}

function checkHeader(line: unknown, fail: (problem: string) => LocalGatewayError) {
  if (!isHeader(line)) {
    throw fail("it is not a recording: the first line is not the header of one");
  }
  if (line.version !== VERSION) {
    const versions = `version ${line.version}, and this program reads version ${VERSION}`;
    throw fail(`it is of ${versions}`);
  }
  return line;
}

async function* linesOf(
  file: string,
  fail: (problem: string, cause: unknown) => LocalGatewayError,
): AsyncIterable<string> {
  try {
    await using handle = await open(file);
    yield* handle.readLines();
  } catch (cause) {
    throw fail(types.isNativeError(cause) ? cause.message : String(cause), cause);
  }
}

/** Undefined when the text is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}

/** Every kind of entry. */
const KINDS: { readonly [Kind in EntryKind]: true } = {
  "frame in": true,
  "frame out": true,
  opened: true,
  rejected: true,
  closed: true,
  event: true,
  result: true,
  post: true,
  database: true,
  log: true,
  fault: true,
  error: true,
};

/** Whether the JSON of a line is the header of a recording, of any version. */
function isHeader(line: unknown): line is RecordingHeader {
  return memberOf(line, "format") === FORMAT && typeof memberOf(line, "version") === "number";
}

/** Whether the JSON of a line is an entry. */
function isEntry(line: unknown): line is Entry {
  const text = memberOf(line, "text");
  return (
    typeof memberOf(line, "id") === "number" &&
    typeof memberOf(line, "time") === "number" &&
    Object.hasOwn(KINDS, String(memberOf(line, "kind"))) &&
    (text === undefined || typeof text === "string")
  );
}

/** Whether the JSON of a line is the end of a recording. */
function isEnd(line: unknown): line is RecordingEnd {
  return memberOf(line, "end") === true && typeof memberOf(line, "entries") === "number";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
