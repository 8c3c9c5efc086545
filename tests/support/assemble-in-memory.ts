import type { Context } from "aws-lambda";
import { createContainer } from "../../src/app/container.ts";
import { createHandler } from "../../src/app/create-handler.ts";
import { TOKENS } from "../../src/app/tokens.ts";
import type { UseCases } from "../../src/app/use-cases.ts";
import { Connect } from "../../src/domain/use-cases/connect.ts";
import { Disconnect } from "../../src/domain/use-cases/disconnect.ts";
import { Relay } from "../../src/domain/use-cases/relay.ts";
import { Unknown } from "../../src/domain/use-cases/unknown.ts";
import { InMemoryConnectionStore } from "./in-memory-connection-store.ts";
import { RecordingMessageSender } from "./recording-message-sender.ts";

const NOWHERE = { connectionsTable: "none", managementEndpoint: "http://127.0.0.1:1/dev" };

/** The whole function with both ports in memory: what it is given, what it stored, sent and logged. */
export function assembleInMemory({
  clock = () => Date.now(),
  relay,
}: {
  readonly clock?: () => number;
  readonly relay?: UseCases["relay"];
} = {}) {
  const store = new InMemoryConnectionStore();
  const sender = new RecordingMessageSender();
  const logged: { level: string; event: string; details: object }[] = [];
  const container = createContainer(NOWHERE);
  container.registerInstance(TOKENS.CONNECTION_STORE, store);
  container.registerInstance(TOKENS.MESSAGE_SENDER, sender);
  container.registerInstance(TOKENS.CLOCK, clock);
  const handler = createHandler(
    {
      connect: container.resolve(Connect),
      disconnect: container.resolve(Disconnect),
      relay: relay ?? container.resolve(Relay),
      unknown: container.resolve(Unknown),
    },
    (level, event, details) => logged.push({ level, event, details }),
  );
  const invoke = (event: unknown) =>
    // Lambda hands over whatever JSON it was invoked with, and nothing here reads the context.
    handler(event as Parameters<typeof handler>[0], {} as Context);
  return { store, sender, logged, invoke };
}
