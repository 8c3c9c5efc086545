import type { MessageSender } from "../../src/domain/ports.ts";

/** A sender under the contract, and the clients at the other end. */
export interface MessageSenderAssembly {
  readonly sender: MessageSender;
  /** Connects a client. `take` gives what it received, oldest first, and waits for it. */
  connect(): Promise<{ connectionId: string; take(): Promise<string>; close(): Promise<void> }>;
  /** Makes every further send reject instead of having an outcome. */
  breakDown(): Promise<void>;
}

/** What every message sender does. `assemble` gives a new one each time. */
export function messageSenderContract(
  name: string,
  assemble: () => Promise<MessageSenderAssembly>,
): void {
  describe(`${name} keeps the contract of a message sender: it`, () => {
    test.each(["hi", "", "Grüße, 世界 😀", ' {"a" : 1} \n', "\u0000", "x".repeat(100_000)])(
      "delivers the text %j exactly as it is",
      async (text) => {
        const { sender, connect } = await assemble();
        const client = await connect();
        expect(await sender.send(client.connectionId, text, later())).toBe("delivered");
        expect(await client.take()).toBe(text);
      },
    );

    test("makes U+FFFD of half a surrogate pair, which no message can hold", async () => {
      const { sender, connect } = await assemble();
      const client = await connect();
      expect(await sender.send(client.connectionId, "a\ud800b", later())).toBe("delivered");
      expect(await client.take()).toBe("a\ufffdb");
    });

    test("keeps the order of texts that are sent one after the other", async () => {
      const { sender, connect } = await assemble();
      const client = await connect();
      const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
      for (const text of texts) {
        await sender.send(client.connectionId, text, later());
      }
      const received: string[] = [];
      for (const _ of texts) {
        received.push(await client.take());
      }
      expect(received).toEqual(texts);
    });

    test("delivers to the one connection and to no other", async () => {
      const { sender, connect } = await assemble();
      const [alice, bob] = [await connect(), await connect()];
      await sender.send(alice.connectionId, "for Alice", later());
      await sender.send(bob.connectionId, "for Bob", later());
      expect(await bob.take()).toBe("for Bob");
      expect(await alice.take()).toBe("for Alice");
    });

    test("calls a connection gone that never was", async () => {
      const { sender } = await assemble();
      expect(await sender.send("Nq3xYd7RiYcCG4A=", "hi", later())).toBe("gone");
    });

    test("calls a connection gone that has closed", async () => {
      const { sender, connect } = await assemble();
      const client = await connect();
      await client.close();
      expect(await sender.send(client.connectionId, "hi", later())).toBe("gone");
    });

    test("rejects when something else goes wrong", async () => {
      const { sender, connect, breakDown } = await assemble();
      const client = await connect();
      await breakDown();
      await expect(sender.send(client.connectionId, "hi", later())).rejects.toThrow();
      await expect(sender.probe(client.connectionId, later())).rejects.toThrow();
      await expect(sender.close(client.connectionId, later())).rejects.toThrow();
    });

    test("finds a connection alive that is there, and sends nothing to it by asking", async () => {
      const { sender, connect } = await assemble();
      const client = await connect();
      expect(await sender.probe(client.connectionId, later())).toBe("alive");
      await sender.send(client.connectionId, "the first text", later());
      expect(await client.take()).toBe("the first text");
    });

    test("closes a connection after what was sent to it before, and finds it gone then", async () => {
      const { sender, connect } = await assemble();
      const client = await connect();
      await sender.send(client.connectionId, "the last text", later());
      expect(await sender.close(client.connectionId, later())).toBe("closed");
      expect(await client.take()).toBe("the last text");
      expect(await sender.send(client.connectionId, "too late", later())).toBe("gone");
      expect(await sender.close(client.connectionId, later())).toBe("gone");
    });

    test("finds a connection gone that never was, and one that has closed", async () => {
      const { sender, connect } = await assemble();
      const client = await connect();
      await client.close();
      expect(await sender.probe("Nq3xYd7RiYcCG4A=", later())).toBe("gone");
      expect(await sender.close("Nq3xYd7RiYcCG4A=", later())).toBe("gone");
      expect(await sender.probe(client.connectionId, later())).toBe("gone");
    });
  });
}

/** More time than any send takes. */
function later(): number {
  return Date.now() + 60_000;
}
