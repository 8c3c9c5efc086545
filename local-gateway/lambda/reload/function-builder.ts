import type { FunctionBuild } from "./function-build.ts";

/** Builds one function again and again, each time into a folder of its own. */
export interface FunctionBuilder {
  /** Builds what is saved now. Throws with file and line when it does not build. */
  build(): Promise<FunctionBuild>;
  /** Ends the builder; what it built stays. */
  close(): Promise<void>;
}
