import type { MessageFrame } from "../../protocol/frames.ts";
import { type Delivery, type DeliveryOptions, isTooLarge } from "./delivery.ts";
import { type Rejection, rejection } from "./errors.ts";
import type { FanOut } from "./fan-out.ts";
import type { HistoryWriter } from "./history-writer.ts";
import { jsonText } from "./messages.ts";
import type { Clock, Position } from "./ports.ts";
import { type DeliverySummary, summaryOf } from "./receipt.ts";
import type { Registrations } from "./registrations.ts";

/**
 * What became of an envelope: `rejected` when nothing was sent. `position` is where it is kept, if it is. `summary` is of the
 * deliveries.
 */
export type EnvelopeOutcome =
  | {
      readonly kind: "tried";
      readonly summary: DeliverySummary;
      readonly position?: Position;
    }
  | { readonly kind: "rejected"; readonly rejection: Rejection };

/** What an envelope says, but for its time and its position: those are of its delivery. */
type EnvelopeContent = Omit<Required<MessageFrame>, "relay" | "sentAt" | keyof Position>;

/** Takes an envelope to its target: one connection or many. */
export class EnvelopeDelivery {
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #fanOut: FanOut;
  readonly #clock: Clock;
  readonly #groupMessageBytes: number;
  readonly #history: HistoryWriter | undefined;

  /**
   * `groupMessageBytes` is how long an envelope to a user or a channel may be, in bytes. Without `history` nothing is kept.
   */
  constructor(
    registrations: Registrations,
    delivery: Delivery,
    fanOut: FanOut,
    clock: Clock,
    groupMessageBytes: number,
    history: HistoryWriter | undefined,
  ) {
    this.#history = history;
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#fanOut = fanOut;
    this.#clock = clock;
    this.#groupMessageBytes = groupMessageBytes;
  }

  /**
   * Delivers a message in its envelope before the deadline of its options to every connection at its target that has a
   * live registration. A connection does not receive its own message to its channel. Where there is history, a message to a
   * channel is kept before anybody receives it, unless `keep` is false. Never throws.
   */
  async deliver(
    { messageId, from, to, data, id }: EnvelopeContent,
    options: DeliveryOptions & { readonly keep: boolean },
  ): Promise<EnvelopeOutcome> {
    const envelope: Required<MessageFrame> = {
      relay: "message",
      messageId,
      from,
      to,
      data,
      id,
      sentAt: isoTime(this.#clock()),
      sequence: undefined,
      epoch: undefined,
    };
    if (this.#history !== undefined && options.keep && "channel" in to) {
      return await this.#keepAndDeliver(this.#history, envelope, to, options);
    }
    const text = jsonText(envelope);
    if (text === undefined) {
      return { kind: "rejected", rejection: rejection("INVALID_MESSAGE", "tooDeep") };
    }
    if ("connection" in to) {
      return isTooLarge(text)
        ? { kind: "tried", summary: summaryOf("tooLarge") }
        : { kind: "tried", summary: await this.#deliverToOne(to.connection, text, options) };
    }
    if (isTooLarge(text, this.#groupMessageBytes)) {
      return { kind: "tried", summary: summaryOf("tooLarge") };
    }
    const except = "channel" in to ? senderOf(from) : undefined;
    return { kind: "tried", summary: await this.#fanOut.deliver(text, to, { ...options, except }) };
  }

  async #keepAndDeliver(
    history: HistoryWriter,
    envelope: Required<MessageFrame>,
    to: { readonly channel: string },
    options: DeliveryOptions,
  ): Promise<EnvelopeOutcome> {
    const kept = await history.keep(envelope, to.channel, options);
    if (kept.kind === "rejected") {
      return kept;
    }
    const { text, position } = kept;
    const except = senderOf(envelope.from);
    const summary = await this.#fanOut.deliver(text, to, { ...options, except });
    return { kind: "tried", summary, position };
  }

  async #deliverToOne(
    connectionId: string,
    text: string,
    options: DeliveryOptions,
  ): Promise<DeliverySummary> {
    const target = await this.#registrations.find(connectionId, options);
    switch (target.kind) {
      case "missing":
        return summaryOf("gone");
      case "unreadable":
        return summaryOf("failed");
      case "live":
        return summaryOf(await this.#delivery.deliver(connectionId, text, options));
    }
  }
}

/** The connection that sent an envelope; undefined for a backend. */
function senderOf(from: MessageFrame["from"]): string | undefined {
  return "connectionId" in from ? from.connectionId : undefined;
}

/** `time`, in milliseconds since 1970, in ISO 8601 and UTC. */
function isoTime(time: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: this writes a time that it is given, and asks for none.
  return new Date(time).toISOString();
}
