import type { ErrorFrame, ReceiptFrame, UnsubscribedFrame } from "../../../protocol/frames.ts";
import { type BackendInput, type BackendReport, rejectBackend } from "../answer.ts";
import { parseExpulsion } from "../channel-messages.ts";
import { isLive, type Membership } from "../connection.ts";
import { type Delivery, type DeliveryOptions, forEachConcurrently } from "../delivery.ts";
import { Failures } from "../failures.ts";
import type { Clock, ConnectionStore } from "../ports.ts";
import type { Presence } from "../presence.ts";
import { noOutcomes, toReceipt } from "../receipt.ts";
import { readTargets } from "../targets.ts";

/** How often the frame to one that has left is tried. */
const TRIES = 2;

/** A backend takes connections out of a channel: the relay removes their memberships and notifies them. */
export class UnsubscribeTargets {
  readonly #store: ConnectionStore;
  readonly #delivery: Delivery;
  readonly #presence: Presence;
  readonly #clock: Clock;

  constructor(store: ConnectionStore, delivery: Delivery, presence: Presence, clock: Clock) {
    this.#store = store;
    this.#delivery = delivery;
    this.#presence = presence;
    this.#clock = clock;
  }

  /**
   * Removes the target's connections from the channel. The receipt counts those that were in it, by what became of the
   * frame to them. Never rejects.
   */
  async execute(input: BackendInput): Promise<BackendReport<ErrorFrame | ReceiptFrame>> {
    const { requestId, deadline } = input;
    const parsed = parseExpulsion(input.request);
    const { id } = parsed;
    if (parsed.kind === "invalid") {
      return rejectBackend(parsed.rejection, id, input);
    }
    const { to, channel } = parsed.request;
    const frame: Required<UnsubscribedFrame> = { relay: "unsubscribed", channel, id: undefined };
    const text = JSON.stringify(frame);
    const failures = new Failures();
    const options = { deadline, onFailure: failures.add, tries: TRIES };
    const outcomes = noOutcomes();
    let complete = true;
    const onMissing = () => {
      complete = false;
    };
    const targets = readTargets(this.#store, this.#clock, to, { ...options, onMissing });
    await forEachConcurrently(targets, async (connectionId) => {
      const left = await this.#leave(connectionId, channel, options);
      if (left === "failed") {
        outcomes.failed += 1;
      } else if (left !== undefined) {
        outcomes[await this.#delivery.deliver(connectionId, text, options)] += 1;
        await this.#presence.notify("left", [left], options);
      }
    });
    const summary = { outcomes, complete };
    // Not to have been in the channel is no error: so it is as for a channel, whomever the target names.
    const answer = toReceipt(summary, { channel }, { id, requestId });
    return { answer, summary, failures: failures.first };
  }

  /** The live membership that has been removed; undefined if there was none. */
  async #leave(
    connectionId: string,
    channel: string,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<Membership | undefined | "failed"> {
    try {
      const left = await this.#store.leave(connectionId, channel, deadline);
      return left !== undefined && isLive(left, this.#clock()) ? left : undefined;
    } catch (failure) {
      onFailure(failure);
      return "failed";
    }
  }
}
