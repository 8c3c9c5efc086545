import type { Credentials } from "./credentials.ts";
import type { FunctionReport } from "./function-report.ts";
import type { LocalHosts } from "./local-hosts.ts";
import type { Reaper } from "./reaper.ts";

/** What one function needs besides its definition. */
export interface FunctionOptions {
  readonly region: string;
  /** The base URL of the management API, stage included. */
  readonly managementUrl: string;
  readonly dynamodbUrl: string;
  readonly localHosts: LocalHosts;
  readonly credentials: Credentials;
  /** The path of the built program of an execution environment. */
  readonly runtime: string;
  /** Where the function is built to: an absolute path without symbolic links. */
  readonly directory: string;
  readonly reaper: Pick<Reaper, "add" | "remove">;
  /** Reload the function when its sources change. */
  readonly watch: boolean;
  /** The port on 127.0.0.1 where a debugger may attach to the one environment that the function then has. */
  readonly inspectPort?: number | undefined;
  /** See PoolOptions. */
  readonly maxEnvironments?: number | undefined;
  readonly onLogLine: (functionId: string, line: string) => void;
  readonly onReport: (report: FunctionReport) => void;
}
