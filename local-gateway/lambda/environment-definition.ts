import type { LateCall } from "./function-report.ts";
import type { Reaper } from "./reaper.ts";
import type { LoadMessage } from "./runtime/runtime-message.ts";

/** A function as one execution environment runs it. */
export interface EnvironmentDefinition {
  /** The path of the program that a process runs. */
  readonly runtime: string;
  readonly load: LoadMessage;
  /** Every environment variable that the process has. */
  readonly variables: Readonly<Record<string, string>>;
  /** In megabytes. */
  readonly memorySize: number;
  /** How long the handler may take to load, in milliseconds. */
  readonly initTimeout: number;
  /** How long one event may take, in milliseconds. */
  readonly timeout: number;
  /** Ends the process when nobody else can. */
  readonly reaper?: Pick<Reaper, "add" | "remove">;
  readonly onLogLine: (line: string) => void;
  readonly onLateCall?: (call: LateCall) => void;
  /** Told where a debugger can attach, when the LoadMessage has an `inspectPort`. Then nothing times out. */
  readonly onInspected?: (url: string) => void;
}
