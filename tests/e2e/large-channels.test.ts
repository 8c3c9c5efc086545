import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { FaultSettings } from "../../local-gateway/faults/settings.ts";
import { startRelay } from "../client/support/relay-clients.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";

type Relay = Awaited<ReturnType<typeof startRelay>>;

const CHANNEL = "lobby";
/** Connections that are opened at a time. */
const CONCURRENCY = 32;

async function joinChannel(url: string, count: number): Promise<WsClient[]> {
  const members: WsClient[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      members.push(await wsConnect(`${url}?channel=${CHANNEL}`));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return members;
}

test("a message to a channel of 1,200 reaches each of them once, kept and marked as large, and its receipt adds up", async () => {
  await using relay = await startRelay({ parameterOverrides: { HistoryHours: "24" } });
  const members = await joinChannel(relay.gateway.url, 1_200);
  const speaker = await wsConnect(`${relay.gateway.url}?channel=${CHANNEL}`);
  const forward = { channel: CHANNEL };
  speaker.send(JSON.stringify({ action: "sendMessageRoute", forward, data: "hi", id: "m1" }));
  expect(JSON.parse(await speaker.messages.take())).toMatchObject({
    relay: "receipt",
    delivered: 1_200,
    gone: 0,
    failed: 0,
    complete: true,
    sequence: 1,
  });
  for (const { messages } of members) {
    expect(JSON.parse(await messages.take())).toMatchObject({ large: true, sequence: 1 });
  }
  expect(members.filter(({ messages }) => messages.size > 0)).toEqual([]);
}, 120_000);

describe("Under faults of the table, of the posts and of what the function hands to itself, whatever the seed,", () => {
  const MEMBERS = 13;
  const MESSAGES = 3;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "large-channels-"));
    const template = await readFile("template.yaml", "utf8");
    const small = template
      .replace("CodeUri: .", `CodeUri: ${process.cwd()}`)
      .replace("- src/app/handler.ts", "- tests/e2e/fixtures/small-slices.ts")
      .replace("Handler: handler.handler", "Handler: small-slices.handler")
      // So that nobody waits long for the report of a slice that is lost.
      .replace("Timeout: 26", "Timeout: 7");
    await writeFile(join(folder, "template.yaml"), small);
  });

  afterAll(() => rm(folder, { recursive: true }));

  const share = fc.constantFrom(0, 0.1, 0.3);
  const soon = share.map((it) => ({ share: it, milliseconds: 20 }));
  const atInvocations = {
    seed: fc.nat({ max: 2 ** 32 - 1 }),
    duplicateEvent: share,
    dropInvocation: share,
    cutPost: share,
    slowPost: soon,
  };
  const atCalls = {
    postGone: share,
    postThrottled: share,
    postError: share,
    databaseThrottled: share,
    databaseError: fc.constantFrom(0, 0.1),
  };
  const startSmall = (faults: FaultSettings) =>
    startRelay({ template: join(folder, "template.yaml"), faults });

  /** Publishes some messages at once, and gives the receipts. */
  async function publish({ invoke }: Relay) {
    const message = { to: { channel: CHANNEL }, data: 1 };
    const ids = Array.from({ length: MESSAGES }, (_, index) => `${index}`);
    return await Promise.all(ids.map((id) => invoke({ publish: { ...message, id } })));
  }

  /** Lets members join, again and again while the relay rejects some, and gives what each receives: ids without repeats. */
  async function joinDespite({ gateway }: Relay) {
    const received: Set<string>[] = [];
    // A $connect that comes twice, and is rejected at first only, leaves a registration behind.
    let rejected = 0;
    while (received.length < MEMBERS) {
      const member = await wsConnect(`${gateway.url}?channel=${CHANNEL}`).catch(() => undefined);
      if (member === undefined) {
        rejected += 1;
      } else {
        const messages = new Set<string>();
        member.webSocket.on("message", (text) => {
          const { id, messageId } = JSON.parse(text.toString());
          messages.add(`${id} ${messageId}`);
        });
        received.push(messages);
      }
    }
    return { received, rejected };
  }

  /** What a receipt says; an error has no counts. */
  function read(receipt: Record<string, unknown>) {
    const { id, complete, delivered = 0, gone = 0, failed = 0, pending = 0 } = receipt;
    const targets = Number(delivered) + Number(gone) + Number(failed) + Number(pending);
    return { id, complete, delivered: Number(delivered), pending, targets };
  }

  /** Waits, one turn of the event loop after the other, for a condition to hold. */
  async function waitFor(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  test("receipts add up, and all that is counted as delivered arrives", async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ ...atInvocations, ...atCalls }), async (faults) => {
        await using relay = await startSmall(faults);
        const { received, rejected } = await joinDespite(relay);
        for (const receipt of await publish(relay)) {
          const { id, complete, delivered, pending, targets } = read(receipt);
          const arrivals = () =>
            received.filter((them) => [...them].some((it) => it.startsWith(`${id} `))).length;
          await waitFor(() => arrivals() >= delivered);
          expect(targets).toBeLessThanOrEqual(MEMBERS + rejected);
          expect(complete !== true || (targets >= MEMBERS && pending === 0)).toBe(true);
          // By its id a receiver knows what it has already.
          for (const messages of received) {
            expect([...messages].filter((it) => it.startsWith(`${id} `)).length).toBeLessThan(2);
          }
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  }, 180_000);

  test("the client library gives nobody a message twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(atInvocations), async (faults) => {
        await using relay = await startSmall({ ...faults, duplicateEvent: 0.3 });
        const received: unknown[][] = [];
        while (received.length < MEMBERS) {
          const { client, events } = relay.connect({ channel: CHANNEL });
          const ids: unknown[] = [];
          client.on("message", ({ id }) => ids.push(id));
          await events.open.take();
          received.push(ids);
        }
        for (const receipt of await publish(relay)) {
          const { id, delivered } = read(receipt);
          const arrivals = () => received.filter((ids) => ids.includes(id)).length;
          await waitFor(() => arrivals() >= delivered);
          for (const ids of received) {
            expect(ids.filter((it) => it === id).length).toBeLessThan(2);
          }
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  }, 180_000);
});
