import { styleText } from "node:util";
import { describeFunctionReport, type FunctionReport } from "../lambda/function-report.ts";
import type { Observation } from "../observation.ts";
import { cutText, printable } from "../text.ts";
import { describeObservation, severityOf } from "./describe-observation.ts";

const ID_WIDTH = 8;
const VERB_WIDTH = 10;
/** The longest line, without its colours. */
const LINE_WIDTH = 160;
const TEXT_WIDTH = LINE_WIDTH - ID_WIDTH - 2;

/** What is reported nowhere else: no word of it may be cut. */
const WHOLE = new Set<Observation["kind"]>([
  "error",
  "management call rejected",
  "database call rejected",
  "invocation rejected",
  "foreign role",
  "template warning",
  "event source",
  "runtime warning",
]);

const STYLES = { info: "none", warning: "yellow", error: "red" } as const;
const FUNCTION_STYLES = { ...STYLES, info: "green" } as const;

type Style = "none" | "dim" | "cyan" | "green" | "yellow" | "red";

/** How lines are written. */
export interface ReporterOptions {
  readonly writeLine: (line: string) => void;
  /** Write errors only. */
  readonly quiet: boolean;
  readonly colours: boolean;
  /** Write the texts of messages, answers and posts too. */
  readonly logBodies: boolean;
}

/**
 * Writes one line for each thing that happens. Connection ids are shortened, a long line is cut, and the text of
 * a message is written only on demand.
 */
export class Reporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Writes what the gateway did. */
  readonly observe = (observation: Observation): void => {
    const { quiet, logBodies, writeLine } = this.#options;
    const severity = severityOf(observation);
    if (quiet && severity !== "error") {
      return;
    }
    const { body: _body, ...withoutBody } = { body: undefined, ...observation };
    const { verb, detail } = describeObservation(logBodies ? observation : withoutBody);
    const text = printable(`${verb.padEnd(VERB_WIDTH)}  ${detail}`);
    const line = WHOLE.has(observation.kind) ? text : cutText(text, TEXT_WIDTH);
    const id = connectionIdOf(observation).slice(0, ID_WIDTH).padEnd(ID_WIDTH);
    writeLine(`${this.#style("dim", id)}  ${this.#style(STYLES[severity], line)}`);
  };

  /** Passes on what a function has logged, under its name, whole and as it is. */
  readonly logLine = (functionId: string, text: string): void => {
    if (this.#options.quiet) {
      return;
    }
    for (const line of text.split(/\r?\n/)) {
      this.#options.writeLine(`${this.#style("cyan", functionId)} | ${line}`);
    }
  };

  /** Writes a report about a function, in one line; a build error has its own lines. */
  readonly reportFunction = (report: FunctionReport): void => {
    const { quiet, writeLine } = this.#options;
    const { text, severity } = describeFunctionReport(report);
    if (quiet && severity !== "error") {
      return;
    }
    for (const line of text.split("\n")) {
      writeLine(this.#style(FUNCTION_STYLES[severity], line));
    }
  };

  #style(style: Style, text: string): string {
    return this.#options.colours && style !== "none"
      ? styleText(style, text, { validateStream: false })
      : text;
  }
}

function connectionIdOf(observation: Observation): string {
  return "connectionId" in observation ? printable(observation.connectionId ?? "") : "";
}
