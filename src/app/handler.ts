import { env } from "node:process";
import { readConfig } from "./config.ts";
import { createContainer, createRoutes } from "./container.ts";
import { createHandler } from "./create-handler.ts";
import { writeLog } from "./log.ts";

const container = createContainer(readConfig(env));

/** The Lambda function's entry. It is made once for each execution environment and holds nothing of any event. */
export const handler = createHandler(createRoutes(container, writeLog), writeLog);
