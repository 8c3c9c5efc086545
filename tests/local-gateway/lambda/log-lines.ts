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
    for (;;) {
      const found = this.all.find((line) => line.includes(text));
      if (found !== undefined) {
        return found;
      }
      await once(this.#emitter, "line");
    }
  }
}
