import type { Rest, Slice } from "../../src/domain/fan-out/ports.ts";
import type { MessageHistory } from "../../src/domain/ports.ts";
import { VirtualTime } from "../support/virtual-time.ts";
import { assembleDomain, NOW } from "./assemble-domain.ts";

export const LOBBY = { channel: "lobby" };
/** How long an invocation lasts, in milliseconds. */
const INVOCATION = 25_000;
/** When nobody's registration has ended yet. */
const LATER = NOW + 3_600_000;

/** What a test cares about. */
interface LargeChannelOptions {
  /** How many posts a second all large messages together make. */
  readonly perSecond?: number;
  readonly sliceTargets?: number;
  /** How often a job is run. */
  readonly runs?: (job: Slice | Rest) => number;
  /** How long a job waits before it is run, in milliseconds. */
  readonly delay?: (job: Slice | Rest) => number;
  readonly history?: MessageHistory;
}

/**
 * A relay for which more than four targets are many, and three a slice, in virtual time; with a channel, its members, and one
 * more who speaks.
 */
export function assembleLargeChannel(
  size: number,
  {
    perSecond = 100,
    sliceTargets = 3,
    runs = () => 1,
    delay = () => 50,
    history,
  }: LargeChannelOptions = {},
) {
  const time = new VirtualTime(NOW);
  const posts: { readonly at: number; readonly id: string }[] = [];
  const failures: unknown[] = [];
  const domain = assembleDomain({
    clock: time.clock,
    wait: time.wait,
    end: () => time.clock() + INVOCATION,
    fanOut: { ownTargets: 4, sliceTargets, perSecond },
    ...(history && { history }),
    wrap: (sender) => ({
      send: async (id, text, deadline) => {
        if (text.includes('"relay":"message"')) {
          posts.push({ at: time.clock(), id });
        }
        return await sender.send(id, text, deadline);
      },
      probe: (id, deadline) => sender.probe(id, deadline),
      close: (id, deadline) => sender.close(id, deadline),
    }),
  });
  const { store, jobs, fanOuts, frames } = domain;
  jobs.run = async (job) => {
    const run = async (_: unknown, index: number) => {
      await time.wait(delay(job) * (index + 1));
      failures.push(...(await domain.runJob(job)));
    };
    await Promise.all(Array.from({ length: runs(job) }, run));
  };
  const members = Array.from({ length: size }, (_, index) => `m${String(index).padStart(4, "0")}=`);
  for (const member of members) {
    domain.connect(member, { ...LOBBY, expiresAt: LATER });
  }
  domain.connect("speaker=", { ...LOBBY, user: "speaker", expiresAt: LATER });
  const messages = (connectionId: string) => frames(connectionId).map((frame) => Object(frame));
  const beforeAccess = (hook: (access: string) => unknown) => {
    for (const port of [store, jobs, fanOuts]) {
      port.beforeAccess = hook;
    }
  };
  return {
    domain,
    time,
    jobs,
    members,
    /** Every post of a message, oldest first. */
    posts,
    /** What went wrong in the jobs. */
    failures,
    connectUser: (connectionId: string, user: string) =>
      domain.connect(connectionId, { user, expiresAt: LATER }),
    speak: () => time.run(domain.relayFrom("speaker=", { forward: LOBBY, data: 1, id: "m1" })),
    publish: (requestId?: string) =>
      time.run(domain.publish({ to: LOBBY, data: 1 }, undefined, requestId)),
    /** The receipts and errors that the speaker has. */
    receipts: () => messages("speaker=").filter(({ relay }) => relay !== "message"),
    /** The messages that a connection has received. */
    texts: (connectionId: string) =>
      messages(connectionId).filter(({ relay }) => relay === "message"),
    /** The access with this name fails when it is made for the nth time. */
    failNext: (name: string, nth: number) => {
      let accesses = 0;
      beforeAccess((access) => {
        accesses += access === name ? 1 : 0;
        if (access === name && accesses === nth) {
          throw new Error(`Cannot ${name}.`);
        }
      });
    },
    /** `hook` is called before each access of a port, with its name, and may wait or throw. */
    beforeAccess,
  };
}
