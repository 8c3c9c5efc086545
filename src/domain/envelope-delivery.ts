import type { MessageFrame } from "../../protocol/frames.ts";
import { type Delivery, type DeliveryOutcome, isTooLarge, type Terms } from "./delivery.ts";
import type { FanOut } from "./fan-out.ts";
import { jsonText } from "./messages.ts";
import { type Tally, tallyOf } from "./receipt.ts";
import type { Registrations } from "./registrations.ts";

/** Takes an envelope to its target, be it one connection or many. */
export class EnvelopeDelivery {
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #fanOut: FanOut;

  constructor(registrations: Registrations, delivery: Delivery, fanOut: FanOut) {
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#fanOut = fanOut;
  }

  /**
   * Delivers the envelope by the time of its terms: to everyone at its target who has a live registration, except that a
   * connection hears nothing of what it says to its own channel. Undefined if its data is nested too deeply to be
   * written. Never throws.
   */
  async deliver(envelope: MessageFrame, terms: Terms): Promise<Tally | undefined> {
    const { from, to } = envelope;
    const text = jsonText(envelope);
    if (text === undefined) {
      return undefined;
    }
    if (isTooLarge(text)) {
      return tallyOf("tooLarge");
    }
    if ("connection" in to) {
      return tallyOf(await this.#deliverToOne(to.connection, text, terms));
    }
    const except = "channel" in to && "connectionId" in from ? from.connectionId : undefined;
    return this.#fanOut.deliver(text, to, { ...terms, except });
  }

  async #deliverToOne(connectionId: string, text: string, terms: Terms): Promise<DeliveryOutcome> {
    const target = await this.#registrations.find(connectionId, terms);
    switch (target) {
      case "missing":
        return "gone";
      case "unreadable":
        return "failed";
      default:
        return await this.#delivery.deliver(connectionId, text, terms);
    }
  }
}
