import { env, stdout } from "node:process";
import { readConfig } from "./config.ts";
import { createContainer, createRoutes } from "./container.ts";
import { createHandler } from "./create-handler.ts";
import { writeLog } from "./log.ts";
import { createMeasure } from "./metrics.ts";

const config = readConfig(env);
const measure = config.metrics
  ? createMeasure(config.functionName, (line) => stdout.write(line))
  : undefined;
const routes = createRoutes(createContainer(config), writeLog, measure);

/** The Lambda function's entry. It is made once for each execution environment and holds nothing of any event. */
export const handler = createHandler(routes, writeLog, measure);
