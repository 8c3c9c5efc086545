import { join } from "node:path";
import type { FunctionDefinition } from "../../../local-gateway/template/functions.ts";

/** The folder with the handlers of these tests. */
export const HANDLERS = join(import.meta.dirname, "fixtures", "handlers");

/** A function of the fixtures; a test gives its special members. */
export function defineFunction(special: Partial<FunctionDefinition>): FunctionDefinition {
  return {
    logicalId: "Fn",
    functionName: "my-fn",
    handler: "index.echo",
    runtime: "nodejs24.x",
    timeout: 10,
    memorySize: 128,
    codePath: HANDLERS,
    environment: {},
    logFormat: "JSON",
    policies: [],
    ...special,
  };
}
