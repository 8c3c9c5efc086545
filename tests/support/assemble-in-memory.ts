import type { Context } from "aws-lambda";
import { createHandler } from "../../src/app/create-handler.ts";
import { Delivery } from "../../src/domain/delivery.ts";
import { Connect } from "../../src/domain/use-cases/connect.ts";
import { Disconnect } from "../../src/domain/use-cases/disconnect.ts";
import { Relay } from "../../src/domain/use-cases/relay.ts";
import { Unknown } from "../../src/domain/use-cases/unknown.ts";
import { InMemoryConnectionStore } from "./in-memory-connection-store.ts";
import { RecordingMessageSender } from "./recording-message-sender.ts";

/** The whole function with both ports in memory: what it is given, what it stored, sent and logged. */
export function assembleInMemory(clock = () => Date.now()) {
  const store = new InMemoryConnectionStore();
  const sender = new RecordingMessageSender();
  const logged: { level: string; event: string; details: object }[] = [];
  const handler = createHandler(
    {
      connect: new Connect(store, clock),
      disconnect: new Disconnect(store),
      relay: new Relay(new Delivery(store, sender, clock)),
      unknown: new Unknown(),
    },
    (level, event, details) => logged.push({ level, event, details }),
  );
  const invoke = (event: unknown) =>
    // Lambda hands over whatever JSON it was invoked with, and nothing here reads the context.
    handler(event as Parameters<typeof handler>[0], {} as Context);
  return { store, sender, logged, invoke };
}
