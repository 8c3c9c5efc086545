import { EventEmitter, once } from "node:events";

/** The log lines of a function, to be looked at or waited for. */
export class LogLines {
  readonly all: string[] = [];
  readonly #emitter = new EventEmitter();

  add(line: string): void {
    this.all.push(line);
    this.#emitter.emit("line");
  }

  /** Resolves with the first line that has `text` in it, once there is one. */
  async find(text: string): Promise<string> {
    const [found = ""] = await this.findAll(text, 1);
    return found;
  }

  /** Resolves with the first `count` lines that have `text` in them, once there are so many. */
  async findAll(text: string, count: number): Promise<readonly string[]> {
    for (;;) {
      const found = this.all.filter((line) => line.includes(text));
      if (found.length >= count) {
        return found.slice(0, count);
      }
      await once(this.#emitter, "line");
    }
  }
}
