import { once } from "node:events";
import type { WriteStream } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { types } from "node:util";
import type { Cleanup } from "../cleanup.ts";
import { LocalGatewayError } from "../errors.ts";
import type { Entry } from "../timeline/entry.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { FORMAT, type RecordingEnd, type RecordingHeader, VERSION } from "./format.ts";

/** Only the user may read it: it has every body, token and query string of the session. */
const MODE = 0o600;

/** How every recording begins. */
const BEGINNING = `{"format":${JSON.stringify(FORMAT)}`;

/**
 * Records a timeline to a file as long as `started` has not been cleaned up; does nothing without a file. Throws
 * `RECORDING_NOT_WRITTEN` when the file cannot be written, or holds something else than a recording.
 */
export async function recordTimeline(
  timeline: Timeline,
  file: string | undefined,
  { region, onError }: { readonly region: string; readonly onError: (error: unknown) => void },
  started: Cleanup,
): Promise<void> {
  if (file !== undefined) {
    const writer = await RecordingWriter.create(file, region, onError);
    started.defer(() => writer.close());
    timeline.subscribe(writer.add);
  }
}

/** Writes a session to a file, as lines of JSON: a header, the entries, and an end. */
class RecordingWriter {
  readonly #stream: WriteStream;
  #entries = 0;
  #failed = false;

  /**
   * Creates the file for this user alone, or writes over an earlier recording.
   *
   * Throws `RECORDING_NOT_WRITTEN` when it cannot be written, or holds something else than a recording.
   *
   * @param onError takes the error of a write that fails later; the recording then ends without its end
   */
  static async create(
    file: string,
    region: string,
    onError: (error: unknown) => void,
  ): Promise<RecordingWriter> {
    const handle = await openFile(file);
    const writer = new RecordingWriter(handle.createWriteStream(), (cause) =>
      onError(notWritten(file, cause)),
    );
    const startedAt = new Date().toISOString();
    writer.#write({ format: FORMAT, version: VERSION, startedAt, region });
    return writer;
  }

  private constructor(stream: WriteStream, onError: (cause: unknown) => void) {
    this.#stream = stream;
    stream.on("error", (cause) => {
      if (!this.#failed) {
        this.#failed = true;
        onError(cause);
      }
    });
  }

  /** Adds an entry. */
  readonly add = (entry: Entry): void => {
    this.#entries += 1;
    this.#write(entry);
  };

  /** Writes the end and closes the file. Never rejects. */
  async close(): Promise<void> {
    this.#write({ end: true, entries: this.#entries });
    if (!this.#stream.closed) {
      this.#stream.end();
      await once(this.#stream, "close").catch(() => {});
    }
  }

  #write(line: RecordingHeader | Entry | RecordingEnd): void {
    if (!this.#failed) {
      this.#stream.write(`${JSON.stringify(line)}\n`);
    }
  }
}

async function openFile(file: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDWR | constants.O_CREAT, MODE);
    if (!(await handle.stat()).isFile()) {
      throw new Error("it is not a file");
    }
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(BEGINNING.length),
      0,
      BEGINNING.length,
      0,
    );
    if (bytesRead > 0 && buffer.toString() !== BEGINNING) {
      throw new Error("there is something else in it than a recording");
    }
    await handle.chmod(MODE);
    await handle.truncate();
    return handle;
  } catch (cause) {
    await handle?.close();
    throw notWritten(file, cause);
  }
}

function notWritten(file: string, cause: unknown): LocalGatewayError {
  const reason = types.isNativeError(cause) ? cause.message : String(cause);
  const sentence = `The recording ${file} cannot be written: ${reason}.`;
  return new LocalGatewayError("RECORDING_NOT_WRITTEN", sentence, { cause });
}
