import { styleText } from "node:util";
import type { Observation } from "./api-gateway/observation.ts";
import { describeObservation } from "./describe-observation.ts";

const ID_WIDTH = 8;
const VERB_WIDTH = 10;

/** How lines are written. */
export interface ReporterOptions {
  readonly writeLine: (line: string) => void;
  /** Write errors only. */
  readonly quiet: boolean;
  readonly colours: boolean;
}

/** Writes one line for each thing that happens. Connection ids are shortened; no message text is ever written. */
export class Reporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Writes what the gateway did. */
  readonly observe = (observation: Observation): void => {
    const { subject, verb, detail, isError } = describeObservation(observation);
    if (this.#options.quiet && !isError) {
      return;
    }
    const text = `${verb.padEnd(VERB_WIDTH)}  ${detail}`;
    const id = subject.slice(0, ID_WIDTH).padEnd(ID_WIDTH);
    this.#options.writeLine(
      `${this.#style("dim", id)}  ${isError ? this.#style("red", text) : text}`,
    );
  };

  /** Passes on a line that a function has logged. */
  readonly logLine = (functionId: string, line: string): void => {
    if (!this.#options.quiet) {
      this.#options.writeLine(`${this.#style("cyan", functionId)} | ${line}`);
    }
  };

  #style(format: "dim" | "red" | "cyan", text: string): string {
    return this.#options.colours ? styleText(format, text, { validateStream: false }) : text;
  }
}
