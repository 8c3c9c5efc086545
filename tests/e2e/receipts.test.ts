import fc from "fast-check";
import type { FaultSettings } from "../../local-gateway/faults/settings.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { startCountedRelay } from "../support/start-counted-relay.ts";

const MEMBERS = 12;
const MESSAGES = 4;
const RUNS = { numRuns: 4 };

const seed = fc.nat({ max: 2 ** 32 - 1 });
const share = fc.constantFrom(0, 0.1, 0.4);
const soon = (it: fc.Arbitrary<number>) => it.map((value) => ({ share: value, milliseconds: 20 }));

/** Faults after which everybody still knows what became of a post. */
const honest = {
  seed,
  postGone: share,
  postThrottled: share,
  postError: share,
  slowPost: soon(share),
  databaseThrottled: share,
  databaseError: fc.constantFrom(0, 0.1),
  slowDatabase: soon(share),
};

interface Receipt {
  readonly relay: string;
  readonly delivered?: number;
  readonly gone?: number;
  readonly failed?: number;
  readonly complete?: boolean;
}

/** Connects again and again until the relay accepts: while the table fails, it rejects some. */
async function connect(url: string): Promise<WsClient> {
  for (;;) {
    try {
      return await wsConnect(url);
    } catch (error) {
      expect(String(error)).toContain("500");
    }
  }
}

/** Publishes messages to a channel of members despite the faults: the receipts, and who has received what. */
async function publishDespite(faults: FaultSettings) {
  const received: string[][] = [];
  const receipts: Receipt[] = [];
  const relay = await startCountedRelay(faults);
  const members: WsClient[] = [];
  try {
    for (let index = 0; index < MEMBERS; index += 1) {
      const member = await connect(`${relay.url}?channel=lobby`);
      const texts: string[] = [];
      member.webSocket.on("message", (data) => texts.push(data.toString()));
      members.push(member);
      received.push(texts);
    }
    const publish = { to: { channel: "lobby" }, data: 1 };
    for (let id = 0; id < MESSAGES; id += 1) {
      receipts.push((await relay.invoke({ publish: { ...publish, id: `${id}` } })) as Receipt);
    }
  } finally {
    // What was accepted reaches its receiver before the connection closes.
    await relay[Symbol.asyncDispose]();
  }
  await Promise.all(members.map(({ closed }) => closed));
  return receipts.map((receipt, id) => ({
    receipt,
    arrivals: received.map((texts) => texts.filter((text) => text.includes(`"id":"${id}"`)).length),
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The three counts of a receipt; an error says that nobody received anything. */
function counts({ relay, delivered = 0, gone = 0, failed = 0, complete = false }: Receipt) {
  return { isError: relay === "error", delivered, targets: delivered + gone + failed, complete };
}

describe("Under faults of the table and of the posts, whatever the seed,", () => {
  test("receipts add up to the targets, and every delivered message has arrived once and no other at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(honest), async (faults) => {
        for (const { receipt, arrivals } of await publishDespite(faults)) {
          const { isError, delivered, targets, complete } = counts(receipt);
          expect(Math.max(...arrivals)).toBeLessThanOrEqual(1);
          expect(sum(arrivals)).toBe(delivered);
          expect(isError || !complete || targets === MEMBERS).toBe(true);
          expect(targets).toBeLessThanOrEqual(MEMBERS);
        }
      }),
      RUNS,
    );
  }, 120_000);

  test("nobody gets a message twice, and none is delivered that did not arrive, even where answers are cut off", async () => {
    const dishonest = { ...honest, cutPost: fc.constantFrom(0.1, 0.4) };
    await fc.assert(
      fc.asyncProperty(fc.record(dishonest), async (faults) => {
        for (const { receipt, arrivals } of await publishDespite(faults)) {
          const { isError, delivered, targets, complete } = counts(receipt);
          expect(Math.max(...arrivals)).toBeLessThanOrEqual(1);
          expect(sum(arrivals)).toBeGreaterThanOrEqual(delivered);
          expect(isError || sum(arrivals) <= targets).toBe(true);
          expect(isError || !complete || targets === MEMBERS).toBe(true);
        }
      }),
      RUNS,
    );
  }, 120_000);
});
