import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { Inbox } from "../local-gateway/support/inbox.ts";

/** wscat prints that it is connected, or disconnected, only to a terminal. A test is not one, so it pretends to be. */
const PRETEND_TERMINAL =
  'data:text/javascript,import tty from "node:tty"; tty.isatty = () => true;';

/** One window with the real wscat program in it; disposing closes it. */
export class Wscat {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines = new Inbox<string>();

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    createInterface(process.stdout).on("line", (line) => {
      // It wipes its prompt away before it prints a line.
      const text = stripVTControlCharacters(line).replace(/^(?:> |\r)*/, "");
      if (text !== "") {
        this.#lines.put(text);
      }
    });
  }

  /** Starts wscat, and resolves once it is connected. */
  static async connect(url: string): Promise<Wscat> {
    const program = ["--import", PRETEND_TERMINAL, "node_modules/wscat/bin/wscat"];
    const wscat = new Wscat(spawn(process.execPath, [...program, "--no-color", "-c", url]));
    expect(await wscat.shows()).toBe("Connected (press CTRL+C to quit)");
    return wscat;
  }

  type(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** The next line in the window; what was received begins with `< `. */
  shows(): Promise<string> {
    return this.#lines.take();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const closed = once(this.#process, "close");
      this.#process.kill();
      await closed;
    }
  }
}
