import type { HistoryFrame } from "../../protocol/frames.ts";
import type { MessageSender } from "../../src/domain/ports.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { InMemoryMessageHistory } from "../support/in-memory-message-history.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

/** In milliseconds. */
export const HOUR = 60 * 60_000;
/** How long messages are kept here, in milliseconds. */
export const RETENTION = 24 * HOUR;

/** The relay with a history, alice and bob in its channel `lobby`, and a clock that only `pass` moves. */
export function assembleHistory({
  wrap = (sender) => sender,
  groupMessageBytes = 131_072,
}: {
  readonly wrap?: (sender: MessageSender) => MessageSender;
  readonly groupMessageBytes?: number;
} = {}) {
  let now = NOW;
  const clock = () => now;
  const history = new InMemoryMessageHistory(clock);
  const domainAt = (offset: number) =>
    assembleDomain({
      history,
      store: new InMemoryConnectionStore(clock),
      clock: () => now + offset,
      end: () => now + 25_000,
      retention: RETENTION,
      wrap,
      groupMessageBytes,
    });
  const domain = domainAt(0);
  const expiresAt = NOW + 1000 * HOUR;
  domain.connect("alice=", { user: "alice", channel: "lobby", expiresAt });
  domain.connect("bob=", { user: "bob", channel: "lobby", expiresAt });
  return {
    ...domain,
    history,
    /** The same relay in an environment whose clock differs by so many milliseconds. */
    domainAt,
    /** Lets time pass, in milliseconds. */
    pass(time: number): void {
      now += time;
    },
    /** Publishes a message to the lobby, and gives the frame that the backend gets. */
    async say(messageId: string, members: object = {}): Promise<unknown> {
      const to = { channel: "lobby" };
      return (await domain.publish({ to, data: messageId, messageId, ...members })).answer;
    },
    /** What the history of the lobby answers to a backend. */
    async ask(question: object): Promise<HistoryFrame> {
      const { answer } = await domain.readHistory({ channel: "lobby", ...question });
      if (answer.relay === "error") {
        throw new Error(`${answer.code}: ${answer.message}`);
      }
      return answer;
    },
  };
}

/** The numbers and the data of a history frame's messages. */
export function contentOf({ messages }: HistoryFrame): readonly (readonly [unknown, unknown])[] {
  return messages.map(({ sequence, data }) => [sequence, data]);
}
