import { VirtualTime } from "../support/virtual-time.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

const LOBBY = { channel: "lobby" };
/** How long an invocation lasts, in milliseconds. */
const INVOCATION = 25_000;

/** A relay for which four targets are many, with a channel and somebody in it who speaks. */
function assemble(members: number, { perSecond = 100 } = {}) {
  const time = new VirtualTime(NOW);
  const posts: { readonly at: number; readonly id: string }[] = [];
  const domain = assembleDomain({
    clock: time.clock,
    wait: time.wait,
    end: () => time.clock() + INVOCATION,
    fanOut: { ownTargets: 4, sliceTargets: 3, perSecond },
    wrap: (sender) => ({
      send: async (id, text, deadline) => {
        posts.push({ at: time.clock(), id });
        return await sender.send(id, text, deadline);
      },
      probe: (id, deadline) => sender.probe(id, deadline),
      close: (id, deadline) => sender.close(id, deadline),
    }),
  });
  const name = (index: number) => `m${String(index).padStart(5, "0")}=`;
  for (let index = 0; index < members; index += 1) {
    domain.connect(name(index), { ...LOBBY, expiresAt: NOW + 3_600_000 });
  }
  domain.connect("speaker=", { ...LOBBY, expiresAt: NOW + 3_600_000 });
  return {
    ...domain,
    time,
    posts,
    name,
    speak: () => time.run(domain.relayFrom("speaker=", { forward: LOBBY, data: 1, id: "m1" })),
    publish: () => time.run(domain.publish({ to: LOBBY, data: 1 })),
    receipt: () => domain.frames("speaker=").find((it) => Object(it).relay === "receipt"),
  };
}

describe("A message to more targets than one invocation delivers to", () => {
  test("reaches each of them once, and its receipt adds up", async () => {
    const { speak, receipt, frames, name, jobs } = assemble(20);
    await speak();
    expect(receipt()).toEqual({
      relay: "receipt",
      id: "m1",
      delivered: 20,
      gone: 0,
      failed: 0,
      complete: true,
    });
    for (let index = 0; index < 20; index += 1) {
      expect(frames(name(index))).toEqual([expect.objectContaining({ data: 1, large: true })]);
    }
    expect(jobs.added).toHaveLength(7);
  });
});
