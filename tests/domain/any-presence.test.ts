import fc from "fast-check";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const CHANNELS = ["lobby", "news"];
const WATCHERS = ["watcher1=", "watcher2="];
const OTHERS = ["a=", "b=", "c=", "d="];

/** Something that happens to one of the others, whose event may come twice, while posts to a watcher may be lost. */
interface Happening {
  readonly what:
    | "connect"
    | "disconnect"
    | "vanish"
    | "subscribe"
    | "unsubscribe"
    | "speak"
    | "close"
    | "expel"
    | "wait";
  readonly who: string;
  readonly channel: string;
  readonly twice: boolean;
  readonly lost: string | undefined;
}

const aHappening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom(
    "connect",
    "disconnect",
    "vanish",
    "subscribe",
    "unsubscribe",
    "speak",
    "close",
    "expel",
    "wait",
  ),
  who: fc.constantFrom(...OTHERS),
  channel: fc.constantFrom(...CHANNELS),
  twice: fc.boolean(),
  lost: fc.option(fc.constantFrom(...WATCHERS), { nil: undefined, freq: 8 }),
});

interface Member {
  readonly connectionId: string;
  readonly since: number;
  readonly expiresIn: number;
}

/** Who is in a channel, as a watcher knows it: from the members that it asked for, and from the frames since then. */
class View {
  readonly #members = new Map<string, { readonly since: number; readonly end: number }>();

  list(members: readonly Member[], now: number): void {
    this.#members.clear();
    for (const member of members) {
      this.join(member, now);
    }
  }

  join({ connectionId, since, expiresIn }: Member, now: number): void {
    this.#members.set(connectionId, { since, end: now + expiresIn * 1000 });
  }

  leave({ connectionId, since }: Member): void {
    if (this.#members.get(connectionId)?.since === since) {
      this.#members.delete(connectionId);
    }
  }

  at(now: number): readonly string[] {
    const live = [...this.#members].filter(([, { end }]) => end > now);
    return live.map(([connectionId, { since }]) => `${connectionId} since ${since}`).sort();
  }
}

/** Two watchers of two channels, and others of whom some connect, for shorter than the watchers. */
async function assemble() {
  let now = NOW;
  const domain = assembleDomain({
    clock: () => now,
    end: () => now + 25_000,
    presenceWatchers: WATCHERS.length,
  });
  const { connect, connecting, sender, store } = domain;
  const views = new Map(
    WATCHERS.flatMap((watcher) =>
      CHANNELS.map((channel) => [`${watcher} ${channel}`, new View()] as const),
    ),
  );
  const read = new Map(WATCHERS.map((watcher) => [watcher, 0]));

  /** Lets the watchers take note of the frames that have come, at the time now. */
  function receive(): void {
    for (const watcher of WATCHERS) {
      const frames = domain.frames(watcher);
      for (const frame of frames.slice(read.get(watcher))) {
        const { relay, channel, event, ...member } = frame as Member & Record<string, string>;
        const view = relay === "presence" ? views.get(`${watcher} ${channel}`) : undefined;
        if (event === "joined") {
          view?.join(member as unknown as Member, now);
        } else {
          view?.leave(member as unknown as Member);
        }
      }
      read.set(watcher, frames.length);
    }
  }

  async function ask(watcher: string): Promise<void> {
    for (const channel of CHANNELS) {
      await domain.membersFrom(watcher, { channel });
      const frame = domain.frames(watcher).at(-1) as { members: readonly Member[] };
      views.get(`${watcher} ${channel}`)?.list(frame.members, now);
    }
  }

  const open = new Set<string>();
  const acts = {
    connect: async ({ who, channel }: Happening) => {
      if (!open.has(who)) {
        open.add(who);
        sender.reconnect(who);
      }
      await connecting({ connectionId: who, user: who.slice(0, 1), channels: [channel] });
    },
    disconnect: async ({ who }: Happening) => {
      open.delete(who);
      await sender.close(who);
      await domain.disconnecting(who);
    },
    /** Without an event. */
    vanish: async ({ who }: Happening) => {
      open.delete(who);
      await sender.close(who);
    },
    subscribe: ({ who, channel }: Happening) => domain.subscribeFrom(who, { channel }),
    unsubscribe: ({ who, channel }: Happening) => domain.unsubscribeFrom(who, { channel }),
    speak: ({ channel }: Happening) => domain.publish({ to: { channel }, data: 1 }),
    close: async ({ who }: Happening) => {
      open.delete(who);
      await domain.disconnectTargets({ to: { connection: who } });
    },
    expel: ({ who, channel }: Happening) =>
      domain.unsubscribeTargets({ to: { connection: who }, channel }),
    wait: async () => {
      now += 45_000;
    },
  } satisfies Record<Happening["what"], (happening: Happening) => Promise<unknown>>;

  for (const watcher of WATCHERS) {
    connect(watcher, { expiresAt: NOW + 100 * 3_600_000 });
    await domain.subscribeFrom(watcher, { channel: CHANNELS, presence: true });
  }
  receive();
  for (const watcher of WATCHERS) {
    await ask(watcher);
  }
  receive();

  return {
    /** Returns the watcher to whom posts were lost meanwhile. */
    async happen(happening: Happening): Promise<string | undefined> {
      const { what, twice, lost } = happening;
      if (lost !== undefined) {
        sender.answerWith(lost, new Error("The network is away."));
      }
      const before = sender.tries.length;
      for (let times = twice ? 2 : 1; times > 0; times -= 1) {
        now += 1000;
        await acts[what](happening);
      }
      receive();
      if (lost !== undefined) {
        sender.answerWith(lost);
      }
      return sender.tries.slice(before).includes(`send ${lost}`) ? lost : undefined;
    },
    ask,
    seen: (watcher: string, channel: string) => views.get(`${watcher} ${channel}`)?.at(now),
    actual: (channel: string) =>
      store.memberships
        .filter((it) => it.channel === channel && it.expiresAt > now)
        .map(({ connectionId, since }) => `${connectionId} since ${since}`)
        .sort(),
  };
}

test("Whatever happens, a watcher knows who is in a channel: at once unless a post to it was lost, and else when it has asked", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aHappening, { maxLength: 25 }), async (happenings) => {
      const relay = await assemble();
      const missed = new Set<string | undefined>();
      for (const happening of happenings) {
        missed.add(await relay.happen(happening));
        for (const watcher of WATCHERS.filter((it) => !missed.has(it))) {
          for (const channel of CHANNELS) {
            expect(relay.seen(watcher, channel)).toEqual(relay.actual(channel));
          }
        }
      }
      for (const watcher of WATCHERS) {
        await relay.ask(watcher);
        for (const channel of CHANNELS) {
          expect(relay.seen(watcher, channel)).toEqual(relay.actual(channel));
        }
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);
