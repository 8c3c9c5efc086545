import type { EsbuildProperties } from "./esbuild-properties.ts";
import type { ExecutionRole } from "./execution-role.ts";
import type { LogLevel } from "./log-level.ts";
import type { PolicyStatement } from "./policy-statement.ts";

/** One Lambda function of a template. */
export interface FunctionDefinition {
  readonly logicalId: string;
  /** The name a deployed function would have, or the template's FunctionName. */
  readonly functionName: string;
  /** The alias that SAM publishes; absent when it publishes none. */
  readonly alias?: string;
  /** `file.export`, relative to the deployed code. */
  readonly handler: string;
  /** For example `nodejs24.x`. */
  readonly runtime: string;
  /** The time that one invocation may take, in seconds. */
  readonly timeout: number;
  /** In megabytes. */
  readonly memorySize: number;
  /** How many events may run at once; 0 lets none run. Absent when nothing is reserved. */
  readonly reservedConcurrency?: number;
  /** The absolute path of CodeUri. */
  readonly codePath: string;
  /** The environment variables of the template, resolved as they would be on AWS. */
  readonly environment: Readonly<Record<string, string>>;
  /** Present when the template builds the function with esbuild. */
  readonly esbuild?: EsbuildProperties;
  readonly logFormat: "JSON" | "Text";
  /** Console calls below this level write nothing. INFO when absent, for JSON; everything is written as Text. */
  readonly logLevel?: LogLevel;
  /** The log group that LoggingConfig names; Lambda's own choice when absent. */
  readonly logGroupName?: string;
  /** What the function may do, and must not do; other services than API Gateway, DynamoDB and Lambda may be left out. */
  readonly policies: readonly PolicyStatement[];
  /** The role that the property Role names; absent when SAM makes one from the function's policies. */
  readonly role?: ExecutionRole;
}
