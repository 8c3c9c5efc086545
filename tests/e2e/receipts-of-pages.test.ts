import type { FaultTarget } from "../../local-gateway/faults/faults.ts";
import type { FaultSettings } from "../../local-gateway/faults/settings.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { startCountedRelay } from "../support/start-counted-relay.ts";

/** Registrations without a connection. */
const GHOSTS = 900;
/** Enough that the first page has some who trigger no fault. */
const MEMBERS = 40;
const TARGETS = GHOSTS + MEMBERS;
/** The relay asks the table for so many at a time. */
const PAGE = 501;

const POST_FAULTS = {
  seed: 5,
  postGone: 0.1,
  postThrottled: 0.1,
  postError: 0.1,
  slowPost: { share: 0.1, milliseconds: 20 },
};

type Group = { readonly user: string } | { readonly channel: string };
type Relay = Awaited<ReturnType<typeof startCountedRelay>>;

interface Receipt {
  readonly relay: string;
  readonly delivered: number;
  readonly gone: number;
  readonly failed: number;
  readonly complete: boolean;
}

/**
 * Lets faults affect the table from the second page on, so that everybody is registered before, and the posts to all
 * but the one who waits for the receipt.
 */
class FaultCases {
  #pages = 0;
  spared = "";

  readonly mayTrigger = ({ subject, connectionId }: FaultTarget): boolean => {
    this.#pages += subject === "Query" ? 1 : 0;
    return subject === "POST" ? connectionId !== this.spared : this.#pages > 1;
  };
}

/** Registers ghosts, made so long ago that they are forgotten when they are found gone. */
async function registerGhosts(relay: Relay, group: Group): Promise<void> {
  const connections = Array.from({ length: GHOSTS }, (_, index) => ({
    ...ghost(index),
    ...("user" in group && group),
  }));
  const memberships = connections.map(({ registeredAt: since, ...connection }) => ({
    ...connection,
    since,
    presence: false,
  }));
  await relay.register(
    connections,
    "channel" in group ? memberships.map((it) => ({ ...it, ...group })) : [],
  );
}

function ghost(index: number) {
  const name = `ghost${index}=`;
  // To call one gone takes an id of the right length. The others are rejected, which costs no delete.
  const connectionId = index % 8 === 0 ? name.padStart(16, "_") : name;
  return { connectionId, registeredAt: 1, expiresAt: Date.now() + 600_000 };
}

/** Lets a backend publish to a group: the receipt. */
async function publish(relay: Relay, to: Group): Promise<unknown> {
  return await relay.invoke({ publish: { to, data: 1 } });
}

/** Lets a client send to a group in which it is not: the receipt. */
async function send(relay: Relay, forward: Group, cases: FaultCases): Promise<unknown> {
  const sender = await wsConnect(relay.url);
  // With an id the question would cost a query, and those are counted.
  sender.send('{"action":"sendMessageRoute"}');
  cases.spared = (await sender.messages.take()).replace("YOUR ID: ", "");
  sender.send(JSON.stringify({ action: "sendMessageRoute", forward, data: 1, id: "m1" }));
  return JSON.parse(await sender.messages.take());
}

/** Takes one message to a large group despite the faults: its receipt, the pages read, and how often it came to each member. */
async function deliverDespite(faults: FaultSettings, group: Group, deliver: typeof send) {
  const cases = new FaultCases();
  const members: WsClient[] = [];
  let receipt: unknown;
  let calls: readonly string[] = [];
  const relay = await startCountedRelay({ ...POST_FAULTS, ...faults }, cases.mayTrigger);
  try {
    await registerGhosts(relay, group);
    for (let index = 0; index < MEMBERS; index += 1) {
      members.push(await wsConnect(`${relay.url}?${new URLSearchParams(group)}`));
    }
    const { database } = await relay.costOf(async () => {
      receipt = await deliver(relay, group, cases);
    });
    calls = database;
  } finally {
    // What was accepted reaches its receiver before the connection closes.
    await relay[Symbol.asyncDispose]();
  }
  await Promise.all(members.map(({ closed }) => closed));
  return {
    receipt: receipt as Receipt,
    pages: calls.filter((call) => call === "Query").length,
    arrivals: members.map(({ messages }) => messages.size),
  };
}

describe("Under faults of the posts, a receipt adds up to the targets of", () => {
  test.each<[string, typeof send, Group, FaultSettings, readonly number[]]>([
    ["both pages, when a backend publishes", publish, { channel: "lobby" }, {}, [2]],
    [
      "the pages that can be read, when a backend publishes",
      publish,
      { channel: "lobby" },
      { databaseError: 0.4 },
      [1, 2],
    ],
    [
      "the pages that can be read, when a client sends",
      send,
      { user: "alice" },
      { databaseThrottled: 0.4, databaseError: 0.2 },
      [1, 2],
    ],
    ["the only page, when a client sends", send, { user: "alice" }, { databaseError: 1 }, [1]],
  ])(
    "%s",
    async (_, deliver, group, faults, possible) => {
      const { receipt, pages, arrivals } = await deliverDespite(faults, group, deliver);
      const { delivered, gone, failed } = receipt;
      expect(possible).toContain(pages);
      expect(receipt).toMatchObject({ relay: "receipt", complete: pages === 2 });
      expect(delivered + gone + failed).toBe(Math.min(PAGE * pages, TARGETS));
      expect(arrivals.reduce((sum, arrived) => sum + arrived)).toBe(delivered);
      expect(Math.max(...arrivals)).toBe(1);
    },
    120_000,
  );
});
