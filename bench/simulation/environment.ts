import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { collectFailures } from "../../src/domain/failures.ts";
import { FAN_OUT_SIZES } from "../../src/domain/fan-out/large-fan-out.ts";
import type {
  FanOutStore,
  JobQueue,
  Progress,
  Rest,
  Slice,
  SliceReport,
} from "../../src/domain/fan-out/ports.ts";
import { createParts, type Parts } from "../../src/domain/parts.ts";
import type { ConnectionStore, MessageSender } from "../../src/domain/ports.ts";
import { actOnTargets } from "../../src/domain/targets.ts";
import { Relay } from "../../src/domain/use-cases/relay.ts";
import type { ModelInputs } from "./inputs.ts";
import type { TokenBucket, VirtualTime } from "./virtual-time.ts";

/** What all environments share: the time, the account, and the tables. */
export interface Shared {
  readonly inputs: ModelInputs;
  readonly time: VirtualTime;
  /** The account's quota of requests. */
  readonly requests: TokenBucket;
  /** Who is in each channel, in addition to its speaker; and `FanOutPerSecond`. */
  readonly members: number;
  readonly perSecond: number;
  /** Whether large messages share one pace. */
  readonly isPaced: boolean;
  /** When the line of time that they share is free. */
  freeAt: number;
  readonly progress: Map<string, Progress>;
  readonly reports: Map<string, Map<string, SliceReport>>;
  /** What DynamoDB bills. */
  readonly units: { reads: number; writes: number };
  /** Is called when API Gateway passes a post on to a member, and to the speaker. */
  readonly onDelivery: () => void;
  readonly onAnswer: (text: string) => void;
  /** Makes Lambda run a job. */
  readonly addJob: (job: Slice | Rest) => void;
}

/** When everything begins, in milliseconds since 1970. */
export const BEGIN = Date.UTC(2026, 0, 1);
/** When nobody's registration has ended. */
const LATER = BEGIN + 7_200_000;

/** An execution environment of the function: the domain code, on ports that take its processor and the time. */
export class Environment {
  readonly #shared: Shared;
  readonly #parts: Parts;
  /** Its processor does one thing after the other. */
  #processorFreeAt = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
    const { time, perSecond } = shared;
    this.#parts = createParts({
      // Both as Node has them: in whole milliseconds, and no wait is shorter than one.
      clock: () => BEGIN + Math.floor(time.now),
      wait: (milliseconds) => time.after(Math.max(1, Math.trunc(milliseconds))),
      store: this.#store(),
      sender: this.#sender(),
      fanOuts: this.#fanOuts(),
      jobs: this.#jobs(),
      fanOut: { ...FAN_OUT_SIZES, perSecond },
      allowedOrigins: [],
      authentication: undefined,
      rawForward: true,
      presenceWatchers: 0,
      groupMessageBytes: MAX_MESSAGE_BYTES,
      messages: undefined,
      retention: 0,
    });
  }

  /** Relays a message of the channel's speaker. Rejects when anything fails. */
  async relay(channel: string, deadline: number): Promise<void> {
    const messageId = `message-${channel}`;
    const input = { connectionId: speakerOf(channel), messageId, requestId: messageId, deadline };
    const message = { action: "sendMessageRoute", forward: { channel }, data: "x", id: "1" };
    const { failures } = await new Relay(this.#parts).execute({ ...input, message });
    failures.forEach(fail);
  }

  /** Delivers to everybody in the channel while it reads them, without any slices. Rejects when anything fails. */
  async relayUnsliced(channel: string, deadline: number): Promise<void> {
    const options = { deadline, onFailure: fail };
    const { complete } = await actOnTargets(this.#parts, { channel }, options, (id) =>
      this.#parts.delivery.deliver(id, "x", options),
    );
    if (!complete) {
      throw new Error("Some of the channel could not be read.");
    }
  }

  /** Does a part of a large message. Rejects when anything fails. */
  async work(job: Slice | Rest, deadline: number): Promise<void> {
    const { slices, largeFanOut } = this.#parts;
    const { failures, onFailure } = collectFailures();
    const options = { deadline, onFailure };
    await (job.kind === "slice" ? slices.deliver(job, options) : largeFanOut.goOn(job, options));
    failures.forEach(fail);
  }

  async #compute(milliseconds: number): Promise<void> {
    const { time, inputs } = this.#shared;
    const share = Math.min(1, inputs.memory / inputs.memoryOfOneProcessor);
    this.#processorFreeAt = Math.max(time.now, this.#processorFreeAt) + milliseconds / share;
    await time.at(this.#processorFreeAt);
  }

  async #callDatabase({ reads = 0, writes = 0 }: Partial<Shared["units"]>): Promise<void> {
    const { time, inputs, units } = this.#shared;
    await this.#compute(inputs.databaseCall);
    units.reads += reads;
    units.writes += writes;
    await time.after(inputs.databaseLatency);
  }

  #sender(): MessageSender {
    const { time, inputs, requests, onDelivery, onAnswer } = this.#shared;
    return {
      send: async (id, text) => {
        await this.#compute(inputs.post);
        await time.after(inputs.postLatency / 2);
        const isAccepted = requests.take();
        if (isAccepted) {
          isSpeaker(id) ? onAnswer(text) : onDelivery();
        }
        await time.after(inputs.postLatency / 2);
        return isAccepted ? "delivered" : "throttled";
      },
      probe: isNotSimulated,
      close: isNotSimulated,
    };
  }

  #store(): ConnectionStore {
    const { inputs, members } = this.#shared;
    const callDatabase = (reads: number) => this.#callDatabase({ reads });
    return {
      async *findAll(group, _, after) {
        const prefix = "channel" in group ? group.channel : "";
        let index = after ? indexOf(after) + 1 : 0;
        for (let isFull = true; isFull; ) {
          await callDatabase(inputs.readUnitsOfPage);
          const first = index;
          const length = Math.min(inputs.page, members - first);
          isFull = length === inputs.page;
          index += length;
          yield Array.from({ length }, (_, offset) => ({
            connectionId: idOf(prefix, first + offset),
            expiresAt: LATER,
          }));
        }
      },
      async findMembership(connectionId, channel) {
        await callDatabase(1);
        return { connectionId, channel, since: BEGIN, expiresAt: LATER, presence: false };
      },
      add: isNotSimulated,
      join: isNotSimulated,
      leave: isNotSimulated,
      find: isNotSimulated,
      findStored: isNotSimulated,
      findMembers: isNotSimulated,
      findWatchers: isNotSimulated,
      countMessage: isNotSimulated,
      remove: isNotSimulated,
    };
  }

  #fanOuts(): FanOutStore {
    const shared = this.#shared;
    const { inputs, isPaced, progress, reports } = shared;
    return {
      takeSlot: async ({ length, earliest, latest }) => {
        await this.#callDatabase({ writes: 1 });
        if (!isPaced) {
          return earliest;
        }
        const { freeAt } = shared;
        const begin = Math.max(freeAt, earliest);
        if (begin > latest) {
          return undefined;
        }
        shared.freeAt = begin + length;
        if (freeAt < earliest) {
          // The adapter tries to go on with the line first, and then begins it anew.
          await this.#callDatabase({ writes: 1 });
        }
        return begin;
      },
      findProgress: async (key) => {
        await this.#callDatabase({ reads: 1 });
        return progress.get(key);
      },
      saveProgress: async (key, made) => {
        await this.#callDatabase({ writes: 1 });
        progress.set(key, made);
      },
      report: async (key, report) => {
        await this.#callDatabase({ writes: 1 });
        reports.set(key, (reports.get(key) ?? new Map()).set(report.after, report));
      },
      findReports: async (key) => {
        const found = [...(reports.get(key)?.values() ?? [])];
        const reads = Math.ceil((found.length * inputs.reportBytes) / inputs.readUnitBytes);
        await this.#callDatabase({ reads: Math.max(1, reads) });
        return found;
      },
    };
  }

  #jobs(): JobQueue {
    const { time, inputs, addJob } = this.#shared;
    return {
      add: async (job) => {
        await this.#compute(inputs.invoke);
        await time.after(inputs.invokeLatency);
        addJob(job);
      },
    };
  }
}

async function isNotSimulated(): Promise<never> {
  throw new Error("The model has no such call.");
}

function fail(failure?: unknown): never {
  throw failure ?? new Error("Not all targets were read.");
}

const SPEAKER = "speaker";

function speakerOf(channel: string): string {
  return `${SPEAKER}${channel}=`;
}

function isSpeaker(id: string): boolean {
  return id.startsWith(SPEAKER);
}

/** The id of a member: those of a channel are in the order of their numbers. */
function idOf(channel: string, index: number): string {
  return `${channel}-${String(index).padStart(9, "0")}=`;
}

function indexOf(id: string): number {
  return Number(id.slice(id.indexOf("-") + 1, -1));
}
