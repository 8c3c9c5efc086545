import type { FunctionDefinition } from "../../template/function-definition.ts";

/** What one build of a function came to. */
export interface FunctionBuild {
  /** The function as it is deployed: where its code is, its handler and its environment variables. */
  readonly definition: FunctionDefinition;
  /** The absolute paths of the files that it was built from; absent when every file of the directories counts. */
  readonly sources?: ReadonlySet<string>;
  /** The absolute paths of the directories where such files are. */
  readonly directories: readonly string[];
  /** Two builds with the same digest are the same code; absent when nobody can tell. */
  readonly digest?: string;
  /** Removes what was built. To be called once nothing runs it. */
  readonly discard: () => Promise<void>;
}
