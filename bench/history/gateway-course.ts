import { WebSocket } from "ws";
import { type Positions, RelayClient } from "../../client/index.ts";
import { HistoryLog, type Kept, problemsOf } from "./log.ts";

/** A course of events over a gateway. */
export interface GatewayCourse {
  readonly url: string;
  /** No other course has the same one. */
  readonly channel: string;
  readonly random: () => number;
  /** Whether something more is to happen. */
  goesOn(): boolean;
}

/** What became of a course. */
export interface CourseReport {
  readonly problems: readonly string[];
  /** How many messages were kept, and how many the members got together. */
  readonly kept: number;
  readonly got: number;
}

const SETTINGS = {
  heartbeatAfter: 1000,
  heartbeatTimeout: 3000,
  baseDelay: 50,
  maxDelay: 1000,
  maxAttempts: 1_000_000,
  sendTimeout: 2000,
} as const;
const FROM_THE_BEGINNING = 100_000;
const NAMES = ["alice", "bob", "carol"];
/** How long after the last event everything has to be complete, in milliseconds: faults go on happening. */
const COMPLETION_TIMEOUT = 40_000;

/** An application in the channel, with one client after the other. */
class Member {
  readonly log = new HistoryLog();
  readonly #course: GatewayCourse;
  readonly #name: string;
  #client: RelayClient | undefined;
  #socket: WebSocket | undefined;
  #positions: Positions = {};

  constructor(name: string, course: GatewayCourse) {
    this.#name = name;
    this.#course = course;
  }

  /** The page is loaded: it goes on where it was. */
  open(): void {
    this.close();
    const member = this;
    const { url, channel, random } = this.#course;
    const client = new RelayClient(url, {
      ...SETTINGS,
      history: true,
      last: FROM_THE_BEGINNING,
      user: this.#name,
      channel,
      positions: this.#positions,
      rotateAfter: random() < 0.5 ? 1500 : 60_000,
      WebSocket: class extends WebSocket {
        constructor(address: string, protocols: string[]) {
          super(address, protocols);
          member.#socket = this;
        }
      },
    });
    this.#client = client;
    this.log.follow(client, () => {
      this.#positions = client.positions();
    });
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  /** Resolves when the message has its answer, or none comes. */
  async send(data: string): Promise<void> {
    await this.#client?.send({ channel: this.#course.channel }, data).catch(() => {});
  }

  cut(): void {
    this.#socket?.terminate();
  }
}

/**
 * Members of a channel send, are cut off, go away and come back, in an order that the random numbers decide, until the course
 * does not go on. Then each must have got every message once and in order, in the time of some questions.
 */
export async function runCourse(course: GatewayCourse): Promise<CourseReport> {
  const { channel, random } = course;
  const members = NAMES.map((name) => new Member(name, course));
  const reader = new RelayClient(course.url, { ...SETTINGS, channel, WebSocket });
  let said = 0;
  try {
    for (const member of members) {
      member.open();
    }
    while (course.goesOn()) {
      const member = members[Math.floor(random() * members.length)] as Member;
      const act = random();
      if (act < 0.15) {
        member.cut();
      } else if (act < 0.25) {
        member.close();
      } else if (act < 0.4) {
        member.open();
      } else {
        const count = Math.ceil(random() * 4);
        await Promise.all(Array.from({ length: count }, () => member.send(`d${said++}`)));
      }
    }
    for (const member of members) {
      member.open();
    }
    return await awaitCompleteness(members, reader, channel);
  } finally {
    for (const member of members) {
      member.close();
    }
    reader.close();
  }
}

async function awaitCompleteness(
  members: readonly Member[],
  reader: RelayClient,
  channel: string,
): Promise<CourseReport> {
  const deadline = performance.now() + COMPLETION_TIMEOUT;
  for (;;) {
    const kept = await readAll(reader, channel);
    const expected = { kept, epoch: kept.at(-1)?.epoch, begin: 0, mayHaveGaps: false };
    const problems = members.flatMap(({ log }, index) =>
      problemsOf(log.of(channel), expected).map((it) => `${NAMES[index]}: ${it}`),
    );
    if (problems.length === 0 || performance.now() > deadline) {
      const got = members.reduce((sum, { log }) => sum + log.of(channel).length, 0);
      return { problems, kept: kept.length, got };
    }
  }
}

/** Everything that the channel's history has. */
async function readAll(reader: RelayClient, channel: string): Promise<readonly Kept[]> {
  for (;;) {
    try {
      const { messages } = await reader.subscribe(channel).history({ last: FROM_THE_BEGINNING });
      return messages.map((message) => ({
        epoch: String(message.epoch),
        sequence: Number(message.sequence),
        message,
      }));
    } catch {
      // Faults are meant for everyone.
    }
  }
}
