import type { MessageFrame } from "../../protocol/frames.ts";
import { type Delivery, type DeliveryOptions, isTooLarge } from "./delivery.ts";
import type { FanOut } from "./fan-out.ts";
import { jsonText } from "./messages.ts";
import type { Clock } from "./ports.ts";
import { type DeliverySummary, summaryOf } from "./receipt.ts";
import type { Registrations } from "./registrations.ts";

/** What became of an envelope: `tooDeep` when its data is nested too deeply to be written, and nothing was sent. */
export type EnvelopeOutcome =
  | { readonly kind: "tried"; readonly summary: DeliverySummary }
  | { readonly kind: "tooDeep" };

/** What an envelope says, but for the time: that is when it is delivered. */
type EnvelopeContent = Omit<Required<MessageFrame>, "relay" | "sentAt">;

/** Takes an envelope to its target: one connection or many. */
export class EnvelopeDelivery {
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #fanOut: FanOut;
  readonly #clock: Clock;
  readonly #groupMessageBytes: number;

  /** `groupMessageBytes` is how long an envelope to a user or a channel may be, in bytes. */
  constructor(
    registrations: Registrations,
    delivery: Delivery,
    fanOut: FanOut,
    clock: Clock,
    groupMessageBytes: number,
  ) {
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#fanOut = fanOut;
    this.#clock = clock;
    this.#groupMessageBytes = groupMessageBytes;
  }

  /**
   * Delivers a message in its envelope before the deadline of its options to every connection at its target that has a
   * live registration. A connection does not receive its own message to its channel. Never throws.
   */
  async deliver(
    { messageId, from, to, data, id }: EnvelopeContent,
    options: DeliveryOptions,
  ): Promise<EnvelopeOutcome> {
    const frame: Required<MessageFrame> = {
      relay: "message",
      messageId,
      from,
      to,
      data,
      id,
      sentAt: isoTime(this.#clock()),
    };
    const text = jsonText(frame);
    if (text === undefined) {
      return { kind: "tooDeep" };
    }
    if ("connection" in to) {
      return isTooLarge(text)
        ? { kind: "tried", summary: summaryOf("tooLarge") }
        : { kind: "tried", summary: await this.#deliverToOne(to.connection, text, options) };
    }
    if (isTooLarge(text, this.#groupMessageBytes)) {
      return { kind: "tried", summary: summaryOf("tooLarge") };
    }
    const except = "channel" in to && "connectionId" in from ? from.connectionId : undefined;
    return { kind: "tried", summary: await this.#fanOut.deliver(text, to, { ...options, except }) };
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

/** `time`, in milliseconds since 1970, in ISO 8601 and UTC. */
function isoTime(time: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: this writes a time that it is given, and asks for none.
  return new Date(time).toISOString();
}
