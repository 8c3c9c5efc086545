import { env } from "node:process";
import { Connect } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { Relay } from "../domain/use-cases/relay.ts";
import { Unknown } from "../domain/use-cases/unknown.ts";
import { createContainer } from "./container.ts";
import { createHandler } from "./create-handler.ts";
import { readConfig } from "./read-config.ts";
import { writeLog } from "./write-log.ts";

const container = createContainer(readConfig(env));

/** The Lambda function's entry. It is made once for each execution environment and holds nothing of any event. */
export const handler = createHandler(
  {
    connect: container.resolve(Connect),
    disconnect: container.resolve(Disconnect),
    relay: container.resolve(Relay),
    unknown: container.resolve(Unknown),
  },
  writeLog,
);
