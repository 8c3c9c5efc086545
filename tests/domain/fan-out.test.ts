import type { Group } from "../../protocol/frames.ts";
import type { MessageSender } from "../../src/domain/ports.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const LOBBY = { channel: "lobby" };
const PAGE_IS_AWAY = new Error("The second page is away.");
const RECEIPT = { relay: "receipt", id: "m1", gone: 0, failed: 0 };

function assemble(members: number, options: Parameters<typeof assembleDomain>[0] = {}) {
  const domain = assembleDomain(options);
  for (let index = 0; index < members; index += 1) {
    domain.connect(`member${index}=`, LOBBY);
  }
  domain.connect("speaker=", LOBBY);
  const speak = () => domain.relayFrom("speaker=", { forward: LOBBY, data: 1, id: "m1" });
  return { ...domain, speak };
}

/** A sender whose sends end only when the test says so. */
class PausedSender implements MessageSender {
  readonly #sender: MessageSender;
  readonly #paused: (() => void)[] = [];
  most = 0;

  constructor(sender: MessageSender) {
    this.#sender = sender;
  }

  get size(): number {
    return this.#paused.length;
  }

  async send(connectionId: string, text: string, deadline: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#paused.push(resolve);
    this.most = Math.max(this.most, this.#paused.length);
    await promise;
    return await this.#sender.send(connectionId, text, deadline);
  }

  probe(connectionId: string, deadline: number) {
    return this.#sender.probe(connectionId, deadline);
  }

  close(connectionId: string, deadline: number) {
    return this.#sender.close(connectionId, deadline);
  }

  /** Lets the sends that are under way end. */
  release(): void {
    for (const end of this.#paused.splice(0)) {
      end();
    }
  }
}

/** A store whose second page cannot be read. */
class HalfStore extends InMemoryConnectionStore {
  override async *findAll(group: Group, deadline: number) {
    for await (const page of super.findAll(group, deadline)) {
      if (this.pages > 1) {
        throw PAGE_IS_AWAY;
      }
      yield page;
    }
  }
}

/** Resolves once nothing in memory has anything left to do without the outside. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("A fan-out", () => {
  test("reaches every member of many pages once", async () => {
    const { speak, frames } = assemble(1000);
    await speak();
    for (let index = 0; index < 1000; index += 1) {
      expect(frames(`member${index}=`)).toHaveLength(1);
    }
    expect(frames("speaker=")).toEqual([{ ...RECEIPT, delivered: 1000, complete: true }]);
  });

  test("has read all its targets before the first post, and has 50 deliveries under way at most", async () => {
    let paused: PausedSender | undefined;
    const { speak, store } = assemble(500, {
      wrap: (sender) => {
        paused = new PausedSender(sender);
        return paused;
      },
    });
    const spoken = speak();
    await settled();
    expect(paused?.size).toBe(50);
    // Three members a page.
    expect(store.pages).toBe(167);
    while (paused?.size !== 0) {
      paused?.release();
      await settled();
    }
    await spoken;
    expect(paused.most).toBe(50);
  });

  test("is not stopped by one delivery that fails", async () => {
    const { speak, frames, sender } = assemble(10);
    sender.answerWith("member0=", new Error("Away."));
    await speak();
    expect(frames("speaker=")).toEqual([{ ...RECEIPT, delivered: 9, failed: 1, complete: true }]);
  });

  test("says that it is not complete when a page cannot be read, and delivers to those before", async () => {
    const { speak, frames } = assemble(9, { store: new HalfStore(() => NOW) });
    const report = await speak();
    expect(frames("speaker=")).toEqual([{ ...RECEIPT, delivered: 3, complete: false }]);
    expect(report.failures).toEqual([PAGE_IS_AWAY]);
  });

  test("brings UNAVAILABLE when not even the first page can be read", async () => {
    class BrokenStore extends InMemoryConnectionStore {
      override findAll(): AsyncGenerator<never> {
        throw new Error("Away.");
      }
    }
    const { speak, frames } = assemble(3, { store: new BrokenStore(() => NOW) });
    await speak();
    expect(frames("speaker=")).toMatchObject([{ relay: "error", code: "UNAVAILABLE" }]);
  });

  test("ends before its time is over, says that it is not complete, and keeps time for the answer", async () => {
    // Every look at the clock takes time: there are three for each member, and not enough time for all.
    let now = NOW;
    const deadlines: number[] = [];
    const { speak, store, frames } = assemble(1000, {
      clock: () => {
        now += 8;
        return now;
      },
      wrap: (sender) => ({
        send: (connectionId, text, deadline) => {
          deadlines.push(deadline);
          return sender.send(connectionId, text, deadline);
        },
        probe: (connectionId, deadline) => sender.probe(connectionId, deadline),
        close: (connectionId, deadline) => sender.close(connectionId, deadline),
      }),
    });
    await speak();
    const [receipt] = frames("speaker=");
    expect(receipt).toMatchObject({ ...RECEIPT, complete: false });
    const { delivered } = receipt as { delivered: number };
    expect(delivered).toBe(deadlines.length - 1);
    expect(delivered).toBeGreaterThan(0);
    expect(delivered).toBeLessThan(1000);
    expect(new Set(store.deadlines)).toEqual(new Set([NOW + 20_000]));
    // The deliveries have 20 of the 25 seconds that are left, and the answer has all.
    expect(new Set(deadlines)).toEqual(new Set([NOW + 20_000, NOW + 25_000]));
    expect(deadlines.at(-1)).toBe(NOW + 25_000);
  });

  test("that has no time at all brings UNAVAILABLE", async () => {
    const { speak, frames } = assemble(3, { clock: () => NOW + 21_000 });
    await speak();
    expect(frames("speaker=")).toMatchObject([{ relay: "error", code: "UNAVAILABLE" }]);
  });
});
