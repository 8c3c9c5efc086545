import type { JobQueue, Rest, Slice } from "../../src/domain/fan-out/ports.ts";

/** More time than any call takes. */
export const LATER = Date.now() + 3_600_000;

const message = {
  key: "r1=",
  to: { channel: "lobby" },
  except: "speaker=",
  text: '{"relay":"message","data":"\u{1F600} \\"quoted\\""}',
};
export const SLICE: Slice = {
  kind: "slice",
  message,
  after: "",
  ids: ["a=", "b="],
  startAt: 1795341600123,
  expiresAt: 1795341660123.5,
};
const REST: Rest = { kind: "rest", message, depth: 3 };

/** What every job queue does. `assemble` gives an empty one each time, and how to take the next job that runs. */
export function jobQueueContract(
  name: string,
  assemble: () => Promise<{ readonly queue: JobQueue; readonly next: () => Promise<unknown> }>,
): void {
  describe(`${name} keeps the contract of a job queue: it`, () => {
    test.each([SLICE, REST])("runs a $kind, exactly as it was added", async (job) => {
      const { queue, next } = await assemble();
      await queue.add(job, LATER);
      expect(await next()).toEqual(job);
    });

    test("does not wait for what runs", async () => {
      const { queue, next } = await assemble();
      await Promise.all([queue.add(SLICE, LATER), queue.add(REST, LATER)]);
      const ran = [await next(), await next()];
      expect(ran).toEqual(expect.arrayContaining([SLICE, REST]));
    });
  });
}
