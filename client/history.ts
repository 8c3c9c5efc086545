import type { ChannelMembership, HistoryFrame, MessageFrame } from "../protocol/frames.ts";
import type { Channels } from "./channels.ts";
import type { Connection } from "./connection.ts";
import type { Connector, ConnectorOwner } from "./connector.ts";
import type { RelayError, RelayErrorCode } from "./errors.ts";
import type { ChannelEvents, Emitter, HistoryOptions, HistoryPage, RelayEvents } from "./events.ts";
import type { Receipt } from "./messages.ts";
import type { ChannelPosition, Positions, Settings } from "./options.ts";
import type { Requests } from "./requests.ts";
import { type NumberedMessage, type Question, Timeline } from "./timeline.ts";

/** What history needs of its client. It imports nothing of it, to be a file of its own in a page's build. */
export interface HistoryParts {
  readonly settings: Settings;
  readonly requests: Requests;
  readonly connector: Connector;
  readonly channels: Channels;
  readonly emitter: Emitter<RelayEvents>;
  readonly RelayError: typeof RelayError;
}

/** A channel that the client is in, and the questions for it. */
interface Followed {
  readonly channel: string;
  readonly timeline: Timeline;
  timer?: unknown;
  /** The position for which the timer was set. */
  waitsAt?: number | undefined;
  isAsking: boolean;
  askedAt: number;
  /** How many questions in a row were in vain. */
  failures: number;
  /** The highest number of a message of our own: nobody delivers it to us. */
  own: number;
}

const SECOND = 1000;
/**
 * How long a hole stays open before the client asks, and how much longer at random, so that the members of a channel do not
 * ask together. In milliseconds.
 */
const OPEN = 2 * SECOND;
const SPREAD = 2 * SECOND;
/** The same in a large channel, to whose members a message comes in the course of some seconds. */
const OPEN_IF_LARGE = 30 * SECOND;
/** The longest time between two questions in vain. */
const LONGEST = 300 * SECOND;
/** How long after a question a heartbeat is no reason for another one, and a message of our own. */
const RECENT = 10 * SECOND;
const OWN_RECENT = SECOND;
/** How many messages a page of older ones has unless it is said. */
const PAGE = 50;

/**
 * Gives every message of a channel to the application once and in order, or declares a gap. It stands between the connector
 * and the client: it takes the messages with numbers, and looks at where the relay says that the channels are.
 */
export class History {
  readonly #parts: HistoryParts;
  readonly #followed = new Map<string, Followed>();
  /** Positions of channels that the client has not been in yet. */
  readonly #given: Map<string, ChannelPosition>;
  #hasWarned = false;

  constructor(parts: HistoryParts) {
    const { connector, settings } = parts;
    this.#parts = parts;
    const given = Object.entries(settings.positions ?? {});
    const valid = given.filter(([, it]) => isPosition(it));
    this.#given = new Map(valid);
    if (valid.length < given.length) {
      const message = "positions must be what positions() has returned.";
      this.#fail("INVALID_OPTION", message, "positions");
    }
    if (settings.history) {
      connector.owner = this.#wrap(connector.owner);
    }
  }

  /** Where the application is in each channel. */
  positions(): Positions {
    const followed = [...this.#followed].map(
      ([channel, { timeline }]) => [channel, timeline.toPosition()] as const,
    );
    return Object.fromEntries([...this.#given, ...followed.filter(([, it]) => it)]) as Positions;
  }

  /** A message of our own was kept. Nobody delivers it to us, so it is asked for. */
  sent(channel: string | undefined, { sequence, epoch }: Receipt): void {
    const followed = this.#follow(channel?.normalize());
    if (followed && sequence && followed.timeline.see(sequence, epoch)) {
      followed.own = Math.max(followed.own, sequence);
      this.#plan(followed);
    }
  }

  /** Reads older messages of a channel. Rejects as `send` does. */
  async read(
    channel: string,
    { before, last = PAGE, signal }: HistoryOptions = {},
  ): Promise<HistoryPage> {
    const { requests } = this.#parts;
    const ask = (question: Question) =>
      requests.ask("history", toRequest(channel, question), undefined, { signal }, channel);
    const end = before?.sequence === undefined ? Number.POSITIVE_INFINITY : before.sequence - 1;
    const begin = Math.max(0, end - last);
    const isLast = end === Number.POSITIVE_INFINITY;
    const first = await ask(isLast ? { last } : { epoch: before?.epoch, after: begin });
    const { epoch } = first;
    if (!isLast && epoch !== before?.epoch) {
      return { messages: [], before: undefined };
    }
    const found = listOf(first.messages);
    for (let answer = first; answer.more && answer.upTo < end; ) {
      answer = await ask({ epoch, after: answer.upTo });
      found.push(...listOf(answer.messages));
    }
    const messages = found.filter((it) => Number(it.sequence) <= end).map(toMessage);
    const sequence = isLast ? (messages[0]?.sequence ?? first.upTo + 1) : begin + 1;
    const isBeginning = sequence <= 1 || first.gap;
    return { messages, before: isBeginning ? undefined : { sequence, epoch } };
  }

  #wrap(owner: ConnectorOwner): ConnectorOwner {
    return {
      ...owner,
      registered: (connection, answer) => {
        owner.registered(connection, answer);
        this.#compare(connection, answer.channels);
      },
      received: (connection, frame, text) => {
        if (frame?.relay === "message" && isNumbered(frame)) {
          const message = toMessage(frame);
          const followed = this.#follow(message.to.channel);
          followed?.timeline.receive(message, this.#now());
          this.#plan(followed);
          return;
        }
        owner.received(connection, frame, text);
        if (frame?.relay === "subscribed") {
          this.#compare(connection, frame.channels);
        }
      },
    };
  }

  #now(): number {
    return this.#parts.settings.clock.now();
  }

  /** The channel, if the client is in it or about to be. */
  #follow(channel: string | undefined): Followed | undefined {
    const { channels, settings, connector, emitter: all } = this.#parts;
    const emitter = channels.wanted.get(channel)?.emitter;
    if (channel === undefined || !emitter) {
      return undefined;
    }
    let followed = this.#followed.get(channel);
    if (!followed) {
      const emit = <Name extends "message" | "gap">(name: Name, value: ChannelEvents[Name]) => {
        emitter.emit(name, value);
        all.emit(name, value as RelayEvents[Name]);
      };
      const timeline = new Timeline(this.#given.get(channel), settings.maxCatchUp, {
        message: (message) => emit("message", message),
        gap: (gap) => emit("gap", { channel, ...gap }),
      });
      const added: Followed = {
        channel,
        timeline,
        isAsking: false,
        askedAt: Number.NEGATIVE_INFINITY,
        failures: 0,
        own: 0,
      };
      followed = added;
      this.#given.delete(channel);
      this.#followed.set(channel, added);
      emitter.on("closed", () => {
        timeline.isStopped = true;
        settings.clock.clearTimeout(added.timer);
        if (connector.state !== "closed") {
          this.#followed.delete(channel);
        }
      });
    }
    return followed;
  }

  /** The relay says where channels are: one that is ahead is asked for, on this connection. */
  #compare(connection: Connection, channels: readonly ChannelMembership[] | undefined): void {
    for (const { channel, sequence, epoch } of listOf(channels)) {
      const followed = this.#follow(channel);
      if (followed && Number.isSafeInteger(sequence)) {
        followed.timeline.see(Number(sequence), epoch);
        this.#askNow(followed, connection);
      } else if (followed && sequence === undefined) {
        this.#warn();
      }
    }
  }

  /** Asks at once if there is something to ask for, unless that was done a moment ago. */
  #askNow(followed: Followed, connection: Connection): void {
    if (followed.timeline.isBehind && this.#now() - followed.askedAt >= RECENT) {
      void this.#ask(followed, connection.isDraining ? undefined : connection);
    } else {
      this.#plan(followed);
    }
  }

  #fail(code: RelayErrorCode, message: string, option?: string): void {
    const { emitter, RelayError } = this.#parts;
    emitter.emit("error", new RelayError(code, message, option ? { option } : {}));
  }

  #warn(): void {
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      this.#fail("NO_HISTORY", "The relay keeps no history.");
    }
  }

  /** Sets the timer for the next question, if one is needed. */
  #plan(followed: Followed | undefined): void {
    if (!followed || followed.isAsking) {
      return;
    }
    const { timeline, askedAt, failures, own } = followed;
    const { position = -1 } = timeline;
    const { clock, random } = this.#parts.settings;
    const now = clock.now();
    const isOwn = failures === 0 && own > position;
    const waitsAt = isOwn ? own : position;
    if (timeline.isBehind && followed.timer !== undefined && waitsAt === followed.waitsAt) {
      return;
    }
    clock.clearTimeout(followed.timer);
    followed.timer = undefined;
    if (!timeline.isBehind) {
      followed.failures = 0;
    } else if (!timeline.isStopped) {
      const open = timeline.isLarge ? OPEN_IF_LARGE : OPEN;
      const wait = Math.min((open + SPREAD * random()) * 2 ** failures, LONGEST);
      const at = isOwn
        ? Math.max(now, askedAt + OWN_RECENT)
        : Math.max(timeline.openSince ?? now, askedAt) + wait;
      followed.waitsAt = waitsAt;
      followed.timer = clock.setTimeout(() => this.#ask(followed), at - now);
    }
  }

  async #ask(
    followed: Followed,
    connection: Connection | undefined = this.#parts.connector.current,
  ): Promise<void> {
    const { channel, timeline } = followed;
    const { settings, requests } = this.#parts;
    settings.clock.clearTimeout(followed.timer);
    followed.timer = undefined;
    // Without a connection, the next one says where the channel is.
    if (followed.isAsking || timeline.isStopped || !connection) {
      return;
    }
    followed.isAsking = true;
    followed.askedAt = this.#now();
    const question = timeline.question(settings.last);
    let answer: HistoryFrame | undefined;
    let isLost = false;
    try {
      answer = await requests.ask("history", toRequest(channel, question), connection);
      answer = Number.isSafeInteger(answer.upTo)
        ? { ...answer, messages: listOf(answer.messages).filter(isNumbered) }
        : undefined;
    } catch (error) {
      isLost = (error as RelayError).code === "UNCONFIRMED";
    }
    followed.isAsking = false;
    if (timeline.isStopped) {
      return;
    }
    if (answer && timeline.answer(question, answer, this.#now())) {
      followed.failures = 0;
      if (answer.more) {
        await this.#ask(followed, connection);
        return;
      }
    } else if (isLost) {
      // Its connection has ended: the next one may ask at once.
      followed.askedAt = Number.NEGATIVE_INFINITY;
    } else {
      followed.failures++;
    }
    this.#plan(followed);
  }
}

/** What storage of a page returns may be anything. */
function isPosition(value: Partial<ChannelPosition> | null): boolean {
  const { sequence, epoch = "", messageIds } = value ?? {};
  return (
    Number.isSafeInteger(sequence) &&
    Number(sequence) >= 0 &&
    typeof epoch === "string" &&
    Array.isArray(messageIds)
  );
}

/** The members of a list, which in a frame of a newer relay may be anything. */
function listOf<Member>(list: readonly Member[] | undefined): Member[] {
  return [list ?? []].flat().filter((it) => typeof it === "object" && it !== null) as Member[];
}

function isNumbered({ sequence, from, to }: MessageFrame): boolean {
  return (
    Number.isSafeInteger(sequence) &&
    Boolean(from) &&
    typeof (to as { readonly channel?: unknown } | null)?.channel === "string"
  );
}

function toMessage({ relay: _, ...message }: MessageFrame): NumberedMessage {
  return message as NumberedMessage;
}

function toRequest(channel: string, { after, epoch, last }: Question) {
  return { action: "history", channel, epoch, after, last } as const;
}
