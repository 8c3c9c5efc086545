import type { Entry } from "./entry.ts";

/** The most entries that are kept, and the most bytes of their texts. */
const MAX_ENTRIES = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** What an entry takes next to its texts, in bytes: an estimate. */
const ENTRY_BYTES = 256;

/** The last entries of the timeline. What is too much or too many goes, the oldest first. */
export class EntryStore {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  /** By id, in the order of the ids, which have no gaps. */
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;
  #bytes = 0;

  constructor({ maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES } = {}) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** The id of the entry that was added last; 0 when there is none. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Adds the entry whose id is the next one. The last entry stays, whatever its size. */
  add(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    this.#lastId = entry.id;
    this.#bytes += bytesOf(entry);
    for (const [id, oldest] of this.#entries) {
      const tooMuch = this.#entries.size > this.#maxEntries || this.#bytes > this.#maxBytes;
      if (!tooMuch || id === entry.id) {
        return;
      }
      this.#entries.delete(id);
      this.#bytes -= bytesOf(oldest);
    }
  }

  /** The entry with this id; undefined when it is gone, or has never been there. */
  get(id: number): Entry | undefined {
    return this.#entries.get(id);
  }

  /** The entries with a higher id, the oldest first. */
  *after(id: number): Iterable<Entry> {
    const firstId = this.#lastId - this.#entries.size + 1;
    for (let next = Math.max(id + 1, firstId); next <= this.#lastId; next += 1) {
      const entry = this.#entries.get(next);
      if (entry) {
        yield entry;
      }
    }
  }
}

function bytesOf({ text = "", problem = "" }: Entry): number {
  return ENTRY_BYTES + Buffer.byteLength(text) + Buffer.byteLength(problem);
}
