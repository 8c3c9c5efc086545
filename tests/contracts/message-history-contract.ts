import type { HistoryEntry, MessageHistory } from "../../src/domain/ports.ts";

/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;
/** When the numbers are taken, and when the entries expire, in milliseconds since 1970 and whole seconds. */
const NOW = 1795341600123;
const EXPIRY = 1795349400000;
const PLACE = { channel: "lobby", epoch: "k3x9" };

function entry(sequence: number, members: Partial<HistoryEntry> = {}): HistoryEntry {
  const message = { messageId: `m${sequence}=`, text: `{"n":${sequence}}` };
  return { sequence, message, takenAt: NOW, previousAt: NOW - 1, expiresAt: EXPIRY, ...members };
}

/** What every message history does. `assemble` gives an empty one each time. */
export function messageHistoryContract(
  name: string,
  assemble: () => Promise<MessageHistory>,
): void {
  describe(`${name} keeps the contract of a message history: it`, () => {
    const take = (history: MessageHistory, channel = "lobby", takenAt = NOW) =>
      history.takeNumber(channel, { takenAt, expiresAt: EXPIRY }, LATER);
    const read = (history: MessageHistory, from: number, to: number, limit = 25) =>
      history.read(PLACE, { from, to, limit }, LATER);

    test("counts from 1, in one epoch, and says when the number before was taken", async () => {
      const history = await assemble();
      const first = await take(history, "lobby", NOW);
      expect(first).toEqual({
        epoch: expect.stringMatching(/^[\w-]{1,16}$/),
        sequence: 1,
        previousAt: undefined,
      });
      const { epoch } = first;
      expect(await take(history, "lobby", NOW + 5)).toEqual({
        epoch,
        sequence: 2,
        previousAt: NOW,
      });
      expect(await take(history)).toEqual({ epoch, sequence: 3, previousAt: NOW + 5 });
    });

    test("counts each channel by itself", async () => {
      const history = await assemble();
      await take(history, "lobby");
      await take(history, "lobby");
      expect(await take(history, "lobby:2")).toMatchObject({ sequence: 1 });
    });

    test("gives each number once, however many take one at the same time", async () => {
      const history = await assemble();
      const taken = await Promise.all(Array.from({ length: 20 }, () => take(history)));
      expect(new Set(taken.map(({ epoch }) => epoch)).size).toBe(1);
      expect(taken.map(({ sequence }) => sequence).sort((one, other) => one - other)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });

    test("knows where more than 100 channels stand, and nothing of one without numbers", async () => {
      const history = await assemble();
      expect(await history.positions(["lobby"], LATER)).toEqual(new Map());
      expect(await history.positions([], LATER)).toEqual(new Map());
      const { epoch } = await take(history, "lobby");
      await take(history, "lobby", NOW + 7);
      await take(history, "ë|+@:.-_");
      const names = Array.from({ length: 120 }, (_, index) => `c${index}`);
      const channels = ["lobby", "lobby", ...names, "ë|+@:.-_"];
      const positions = await history.positions(channels, LATER);
      expect([...positions.keys()].sort()).toEqual(["lobby", "ë|+@:.-_"]);
      const position = { epoch, sequence: 2, takenAt: NOW + 7, begunAt: NOW };
      expect(positions.get("lobby")).toEqual(position);
    });

    test("keeps an entry to the letter, and one without a message", async () => {
      const history = await assemble();
      const text = JSON.stringify({ data: "ë\ud83d\ude00\n\u2028", n: 1 });
      const entries = [
        entry(1, { message: { messageId: "C5_1-her=", text }, previousAt: undefined }),
        entry(2, { message: undefined, previousAt: undefined }),
      ];
      for (const it of entries) {
        expect(await history.store(PLACE, it, LATER)).toEqual({ kind: "stored" });
      }
      expect(await read(history, 1, 2)).toEqual({ entries, isComplete: true });
    });

    test("keeps a message of 126 KB", async () => {
      const history = await assemble();
      const message = { messageId: "m=", text: "x".repeat(126 * 1024) };
      await history.store(PLACE, entry(1, { message }), LATER);
      expect((await read(history, 1, 1)).entries[0]?.message).toEqual(message);
    });

    test("never stores at a number that has an entry, and says what is there", async () => {
      const history = await assemble();
      const closed = entry(2, { message: undefined });
      await history.store(PLACE, entry(1), LATER);
      await history.store(PLACE, closed, LATER);
      const other = { messageId: "other=", text: "{}" };
      expect(await history.store(PLACE, entry(1, { message: other }), LATER)).toEqual({
        kind: "occupied",
        message: entry(1).message,
      });
      expect(await history.store(PLACE, entry(1, { message: undefined }), LATER)).toEqual({
        kind: "occupied",
        message: entry(1).message,
      });
      expect(await history.store(PLACE, entry(2), LATER)).toEqual({
        kind: "occupied",
        message: undefined,
      });
      expect((await read(history, 1, 2)).entries).toEqual([entry(1), closed]);
    });

    test("stores one of several entries that come to a number at the same time", async () => {
      const history = await assemble();
      const messages = Array.from({ length: 8 }, (_, index) => ({
        messageId: `m${index}=`,
        text: "{}",
      }));
      const outcomes = await Promise.all(
        messages.map((message) => history.store(PLACE, entry(1, { message }), LATER)),
      );
      expect(outcomes.filter(({ kind }) => kind === "stored")).toHaveLength(1);
      const winner = messages[outcomes.findIndex(({ kind }) => kind === "stored")];
      expect((await read(history, 1, 1)).entries).toMatchObject([{ message: winner }]);
    });

    test("reads a range in the order of the numbers, and says whether there may be more", async () => {
      const history = await assemble();
      for (const sequence of [10, 2, 9, 1, 11, 100]) {
        await history.store(PLACE, entry(sequence), LATER);
      }
      const numbers = async (from: number, to: number, limit: number) => {
        const { entries, isComplete } = await read(history, from, to, limit);
        return [entries.map(({ sequence }) => sequence), isComplete];
      };
      expect(await numbers(2, 11, 25)).toEqual([[2, 9, 10, 11], true]);
      expect(await numbers(0, 100, 3)).toEqual([[1, 2, 9], false]);
      expect(await numbers(12, 99, 25)).toEqual([[], true]);
    });

    test("says that a page is not complete when long messages end it early", async () => {
      const history = await assemble();
      const text = "x".repeat(126 * 1024);
      for (let sequence = 1; sequence <= 12; sequence += 1) {
        const message = { messageId: `m${sequence}=`, text };
        await history.store(PLACE, entry(sequence, { message }), LATER);
      }
      const { entries, isComplete } = await read(history, 1, 12);
      expect(entries.length).toBeGreaterThan(1);
      expect(isComplete).toBe(entries.length === 12);
    });

    test("keeps the entries of channels and epochs apart", async () => {
      const history = await assemble();
      await history.store(PLACE, entry(1), LATER);
      const elsewhere = [
        { channel: "lobby", epoch: "k3x" },
        { channel: "lobby:k3x9", epoch: "k3x9" },
      ];
      for (const place of elsewhere) {
        expect(await history.read(place, { from: 0, to: 9, limit: 9 }, LATER)).toEqual({
          entries: [],
          isComplete: true,
        });
        expect(await history.store(place, entry(1), LATER)).toEqual({ kind: "stored" });
      }
    });

    test("rejects when the time is over", async () => {
      const history = await assemble();
      const past = Date.now() - 1000;
      const time = { takenAt: NOW, expiresAt: EXPIRY };
      await expect(history.takeNumber("lobby", time, past)).rejects.toThrow();
      await expect(history.store(PLACE, entry(1), past)).rejects.toThrow();
      await expect(history.positions(["lobby"], past)).rejects.toThrow();
      const range = { from: 1, to: 9, limit: 9 };
      await expect(history.read(PLACE, range, past)).rejects.toThrow();
      expect(await read(history, 1, 9)).toMatchObject({ entries: [] });
    });
  });
}
