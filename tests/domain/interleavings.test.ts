import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { assembleDomain, NOW } from "./assemble-domain.ts";

/** Two things that happen at the same time, and whose accesses to the table are put into every order. */
interface Race {
  readonly domain: ReturnType<typeof assembleDomain>;
  readonly actions: readonly [() => Promise<unknown>, () => Promise<unknown>];
}

/** Accesses to items of the connection that the race is about; whatever else is read comes before or after them. */
const OF_THE_RACE = [
  "query connection",
  "get registration",
  "put registration",
  "put membership",
  "delete registration",
  "delete membership",
];

/** Runs a race in the order that `choices` say: which of the two goes on, at each access. Returns the whole order. */
async function run(
  { domain, actions }: Race,
  choices: readonly number[],
): Promise<readonly { readonly chosen: number; readonly isForced: boolean }[]> {
  const current = new AsyncLocalStorage<number>();
  const waiting: (() => void)[][] = [[], []];
  const done = [false, false];
  domain.store.beforeAccess = async (access) => {
    const index = current.getStore();
    if (index !== undefined && OF_THE_RACE.includes(access)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting[index]?.push(resolve);
      await promise;
    }
  };
  const finished = actions.map((act, index) =>
    current.run(index, async () => {
      await act();
      done[index] = true;
    }),
  );
  const order: { chosen: number; isForced: boolean }[] = [];
  while (!done.every(Boolean)) {
    while (![0, 1].every((index) => done[index] || waiting[index]?.length)) {
      await setImmediate();
    }
    const able = [0, 1].filter((index) => !done[index]);
    const [first] = able;
    if (first === undefined) {
      break;
    }
    const choice = choices[order.length] ?? first;
    const chosen = able.includes(choice) ? choice : first;
    order.push({ chosen, isForced: able.length === 1 });
    waiting[chosen]?.shift()?.();
  }
  await Promise.all(finished);
  domain.store.beforeAccess = () => {};
  return order;
}

/** Runs a race, made anew each time, in every order there is, and returns how many there are. */
async function inEveryOrder(
  make: () => Promise<Race>,
  check: (domain: Race["domain"]) => unknown,
): Promise<number> {
  const open: (readonly number[])[] = [[]];
  let orders = 0;
  for (let choices = open.pop(); choices !== undefined; choices = open.pop()) {
    const race = await make();
    const order = await run(race, choices);
    await check(race.domain);
    orders += 1;
    for (let index = choices.length; index < order.length; index += 1) {
      const { isForced } = order[index] ?? { isForced: true };
      if (!isForced) {
        open.push([...order.slice(0, index).map(({ chosen }) => chosen), 1]);
      }
    }
  }
  return orders;
}

/** Alice, who is in the lobby, subscribes to another channel while something else happens. */
function whileAliceSubscribes(
  other: (domain: Race["domain"]) => Promise<unknown>,
): () => Promise<Race> {
  return async () => {
    const domain = assembleDomain();
    domain.connect("alice=", { user: "alice", channel: "lobby" });
    domain.connect("bob=", { user: "bob", channel: "news" });
    const subscribe = () => domain.subscribeFrom("alice=", { channel: "news", id: "s1" });
    return { domain, actions: [subscribe, () => other(domain)] };
  };
}

const ofAlice = ({ store }: Race["domain"]) =>
  store.memberships.filter(({ connectionId }) => connectionId === "alice=");

describe("In every order of their calls to the table, a subscribe at the same time as", () => {
  test.each<[string, (domain: Race["domain"]) => Promise<unknown>]>([
    [
      "a disconnect",
      async ({ sender, disconnecting }) => {
        await sender.close("alice=");
        await disconnecting("alice=");
      },
    ],
    [
      "a message that finds the connection gone",
      async ({ sender, relayFrom }) => {
        await sender.close("alice=");
        await relayFrom("bob=", { forward: "alice=", data: 1 });
      },
    ],
    [
      "a backend's disconnect",
      ({ disconnectTargets }) => disconnectTargets({ to: { user: "alice" } }),
    ],
  ])("%s leaves no membership and no registration", async (_, other) => {
    const orders = await inEveryOrder(whileAliceSubscribes(other), async (domain) => {
      expect(ofAlice(domain)).toEqual([]);
      expect(domain.store.connections.has("alice=")).toBe(false);
      const { answer } = await domain.publish({ to: { channel: "news" }, data: 1, id: "n1" });
      expect(answer).toMatchObject({ delivered: 1, gone: 0 });
    });
    expect(orders).toBeGreaterThan(20);
  });

  test("a backend's unsubscribe leaves a connection that sends and receives where it is a member", async () => {
    const other = ({ unsubscribeTargets }: Race["domain"]) =>
      unsubscribeTargets({ to: { user: "alice" }, channel: "news" });
    const endings = new Set<number>();
    await inEveryOrder(whileAliceSubscribes(other), async (domain) => {
      const { relayFrom, publish, frames } = domain;
      const channels = ofAlice(domain).map(({ channel }) => channel);
      expect(channels).toEqual(expect.arrayContaining(["lobby"]));
      endings.add(channels.length);
      for (const channel of ["lobby", "news"]) {
        await relayFrom("alice=", { forward: { channel }, data: channel, id: channel });
        const answer = frames("alice=").at(-1);
        expect(answer).toMatchObject(
          channels.includes(channel) ? { relay: "receipt" } : { code: "FORBIDDEN" },
        );
        await publish({ to: { channel }, data: `to ${channel}` });
        const received = frames("alice=").filter((it) => Object(it).data === `to ${channel}`);
        expect(received).toHaveLength(channels.includes(channel) ? 1 : 0);
      }
    });
    // Whoever comes last wins.
    expect(endings).toEqual(new Set([1, 2]));
  });

  test("a connect that is repeated leaves the connection registered, in what it joined and in its URL's channels", async () => {
    const other = ({ connecting }: Race["domain"]) =>
      connecting({ connectionId: "alice=", user: "alice", channels: ["lobby"] });
    await inEveryOrder(whileAliceSubscribes(other), (domain) => {
      const channels = ofAlice(domain).map(({ channel }) => channel);
      expect(channels.sort()).toEqual(["lobby", "news"]);
      expect(domain.store.connections.get("alice=")?.registeredAt).toBe(NOW);
    });
  });
});
