import { env } from "node:process";
import { createContainer } from "./container.ts";
import { createHandler } from "./create-handler.ts";
import { readConfig } from "./read-config.ts";
import { resolveUseCases } from "./resolve-use-cases.ts";
import { writeLog } from "./write-log.ts";

const container = createContainer(readConfig(env));

/** The Lambda function's entry. It is made once for each execution environment and holds nothing of any event. */
export const handler = createHandler(resolveUseCases(container), writeLog);
