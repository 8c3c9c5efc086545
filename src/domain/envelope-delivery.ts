import type { MessageFrame, Target } from "../../protocol/frames.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { type Delivery, type DeliveryOptions, type DeliveryPorts, isTooLarge } from "./delivery.ts";
import { Rejection, rejection } from "./errors.ts";
import type { FanOutSizes, LargeFanOut } from "./fan-out/large-fan-out.ts";
import { type History, LONGEST_POSITION } from "./history.ts";
import { jsonText } from "./messages.ts";
import type { Position } from "./ports.ts";
import { type DeliverySummary, noOutcomes, summaryOf } from "./receipt.ts";
import type { Registrations } from "./registrations.ts";
import { type Connections, readGroup } from "./targets.ts";

/** What it is made of: an envelope to a user or a channel may have `groupMessageBytes` bytes. */
interface EnvelopeParts extends DeliveryPorts {
  readonly registrations: Registrations;
  readonly delivery: Delivery;
  readonly largeFanOut: LargeFanOut;
  readonly fanOut: Pick<FanOutSizes, "ownTargets">;
  readonly history: History | undefined;
  readonly groupMessageBytes: number;
}

/** What an envelope says, but for its time, its size and its position: those are of its delivery. */
type EnvelopeContent = Omit<Required<MessageFrame>, "relay" | "sentAt" | "large" | keyof Position>;

/** Options of delivering an envelope: `keep` is whether it belongs into the history of a channel. */
interface EnvelopeOptions extends DeliveryOptions {
  readonly keep: boolean;
  /** The same whenever the invocation is run again. */
  readonly requestId: string;
}

/** What became of an envelope, and where it is kept, if it is. */
export interface Delivered {
  readonly summary: DeliverySummary;
  readonly position?: Position;
}

/** Takes an envelope to its target: one connection or many. */
export class EnvelopeDelivery {
  readonly #parts: EnvelopeParts;

  constructor(parts: EnvelopeParts) {
    this.#parts = parts;
  }

  /**
   * Delivers a message in its envelope before the deadline of its options to every connection at its target that has a
   * live registration. A connection does not receive its own message to its channel. Where there is history, a message to a
   * channel is kept before anybody receives it, unless `keep` is false. Never throws; what is rejected is sent to nobody.
   */
  async deliver(
    { messageId, from, to, data, id }: EnvelopeContent,
    options: EnvelopeOptions,
  ): Promise<Delivered | Rejection> {
    const { clock, history, fanOut, largeFanOut } = this.#parts;
    const envelope: Required<MessageFrame> = {
      relay: "message",
      messageId,
      from,
      to,
      data,
      id,
      sentAt: isoTime(clock()),
      large: undefined,
      sequence: undefined,
      epoch: undefined,
    };
    const channel = "channel" in to ? to.channel : undefined;
    const isKept = options.keep && history !== undefined && channel !== undefined;
    const draft = this.#textOf(envelope, to, isKept);
    if (draft instanceof Rejection) {
      return draft;
    }
    if ("connection" in to) {
      return { summary: await this.#deliverToOne(to.connection, draft, options) };
    }
    const except = channel !== undefined && "connectionId" in from ? from.connectionId : undefined;
    const read = { ...options, except };
    const targets = await readGroup(this.#parts, to, fanOut.ownTargets, read);
    // All of its receivers must learn that it is large, so that is known before it is kept or posted.
    const sized = targets === undefined ? { ...envelope, large: true as const } : envelope;
    const text = targets === undefined ? this.#textOf(sized, to, isKept) : draft;
    if (text instanceof Rejection) {
      return text;
    }
    const kept = isKept ? await history.keep(sized, channel, options) : { text };
    if (kept instanceof Rejection) {
      return kept;
    }
    const large = { key: options.requestId, to, except, text: kept.text };
    const summary =
      targets === undefined
        ? await largeFanOut.deliver(large, options)
        : await this.#deliverToAll(targets, kept.text, options);
    return { ...kept, summary };
  }

  #textOf(envelope: Required<MessageFrame>, to: Target, isKept: boolean): string | Rejection {
    // Whether it is too long does not depend on its number.
    const text = jsonText(isKept ? { ...envelope, ...LONGEST_POSITION } : envelope);
    if (text === undefined) {
      return rejection("INVALID_MESSAGE", "tooDeep");
    }
    const isToOne = "connection" in to;
    return isTooLarge(text, isToOne ? MAX_MESSAGE_BYTES : this.#parts.groupMessageBytes)
      ? rejection("TOO_LARGE", isToOne ? "connection" : "group")
      : text;
  }

  async #deliverToAll(
    connections: Connections,
    text: string,
    options: DeliveryOptions,
  ): Promise<DeliverySummary> {
    const { clock, delivery } = this.#parts;
    const outcomes = noOutcomes();
    let { complete } = connections;
    function* inTime() {
      for (const id of connections.ids) {
        if (clock() >= options.deadline) {
          complete = false;
          return;
        }
        yield id;
      }
    }
    await delivery.deliverToAll(inTime(), text, options, (outcome) => {
      outcomes[outcome] += 1;
    });
    return { outcomes, complete };
  }

  async #deliverToOne(
    connectionId: string,
    text: string,
    options: DeliveryOptions,
  ): Promise<DeliverySummary> {
    const target = await this.#parts.registrations.find(connectionId, options);
    if (target instanceof Rejection) {
      return summaryOf(target.code === "NOT_REGISTERED" ? "gone" : "failed");
    }
    return summaryOf(await this.#parts.delivery.deliver(connectionId, text, options));
  }
}

/** `time`, in milliseconds since 1970, in ISO 8601 and UTC. */
function isoTime(time: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: this writes a time that it is given, and asks for none.
  return new Date(time).toISOString();
}
