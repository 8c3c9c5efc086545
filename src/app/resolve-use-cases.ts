import { Connect } from "../domain/use-cases/connect.ts";
import { Disconnect } from "../domain/use-cases/disconnect.ts";
import { Publish } from "../domain/use-cases/publish.ts";
import { Relay } from "../domain/use-cases/relay.ts";
import { Unknown } from "../domain/use-cases/unknown.ts";
import type { createContainer } from "./container.ts";
import type { UseCases } from "./use-cases.ts";

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
