import { env } from "node:process";
import { Connect } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { Publish } from "../domain/use-cases/publish.ts";
import { Relay } from "../domain/use-cases/relay.ts";
import { Unknown } from "../domain/use-cases/unknown.ts";
import { readConfig } from "./config.ts";
import { createContainer } from "./container.ts";
import { createHandler } from "./create-handler.ts";
import { writeLog } from "./log.ts";
import type { UseCases } from "./route.ts";

const container = createContainer(readConfig(env));

/** The Lambda function's entry. It is made once for each execution environment and holds nothing of any event. */
export const handler = createHandler(resolveUseCases(container), writeLog);

/** Every use case, with what the container has put behind its ports. */
export function resolveUseCases(container: ReturnType<typeof createContainer>): UseCases {
  return {
    connect: container.resolve(Connect),
    disconnect: container.resolve(Disconnect),
    relay: container.resolve(Relay),
    publish: container.resolve(Publish),
    unknown: container.resolve(Unknown),
  };
}
