import type { Credentials } from "./credentials.ts";
import type { LambdaFunction } from "./lambda-function.ts";

/** The functions of a template, running on this machine. */
export interface LocalLambda {
  /** The function with this logical id. Throws when the template has none, or when it is not one that runs here. */
  function(functionId: string): LambdaFunction;
  /** What the function signs its requests with. Throws like `function`. */
  credentials(functionId: string): Credentials;
  /** Ends every execution environment, whatever runs in it, and removes what was built. Twice is no error. */
  close(): Promise<void>;
}
