import type { FunctionDefinition } from "./function-definition.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { WebSocketApi } from "./web-socket-api.ts";

/** What a SAM template describes, with every parameter, condition and intrinsic function resolved. */
export interface Application {
  readonly api: WebSocketApi;
  /** By the logical id of the function. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly tables: readonly TableDefinition[];
  /** What works here, but not as its author may think: one sentence each, with the line. */
  readonly warnings: readonly string[];
}
