import type { MessageFrame } from "../../protocol/frames.ts";
import { type Delivery, type DeliveryOptions, type DeliveryPorts, isTooLarge } from "./delivery.ts";
import { Rejection, rejection } from "./errors.ts";
import { type History, LONGEST_POSITION } from "./history.ts";
import { jsonText } from "./messages.ts";
import type { Position } from "./ports.ts";
import { type DeliverySummary, summaryOf } from "./receipt.ts";
import type { Registrations } from "./registrations.ts";
import { deliverToGroup } from "./targets.ts";

/** What it is made of: an envelope to a user or a channel may have `groupMessageBytes` bytes. */
interface EnvelopeParts extends DeliveryPorts {
  readonly registrations: Registrations;
  readonly delivery: Delivery;
  readonly history: History | undefined;
  readonly groupMessageBytes: number;
}

/** What an envelope says, but for its time and its position: those are of its delivery. */
type EnvelopeContent = Omit<Required<MessageFrame>, "relay" | "sentAt" | keyof Position>;

/** Options of delivering an envelope: `keep` is whether it belongs into the history of a channel. */
interface EnvelopeOptions extends DeliveryOptions {
  readonly keep: boolean;
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
    const { clock, history, groupMessageBytes } = this.#parts;
    const envelope: Required<MessageFrame> = {
      relay: "message",
      messageId,
      from,
      to,
      data,
      id,
      sentAt: isoTime(clock()),
      sequence: undefined,
      epoch: undefined,
    };
    const channel = "channel" in to ? to.channel : undefined;
    const isKept = options.keep && history !== undefined && channel !== undefined;
    // Whether it is too long does not depend on its number.
    const text = jsonText(isKept ? { ...envelope, ...LONGEST_POSITION } : envelope);
    if (text === undefined) {
      return rejection("INVALID_MESSAGE", "tooDeep");
    }
    if ("connection" in to) {
      return isTooLarge(text)
        ? rejection("TOO_LARGE", "connection")
        : { summary: await this.#deliverToOne(to.connection, text, options) };
    }
    if (isTooLarge(text, groupMessageBytes)) {
      return rejection("TOO_LARGE", "group");
    }
    const kept = isKept ? await history.keep(envelope, channel, options) : { text };
    if (kept instanceof Rejection) {
      return kept;
    }
    const except = channel !== undefined && "connectionId" in from ? from.connectionId : undefined;
    const summary = await deliverToGroup(this.#parts, kept.text, to, { ...options, except });
    return { ...kept, summary };
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
