import type { ReceiptFrame, UnsubscribedFrame } from "../../../protocol/frames.ts";
import { answerBackend, type BackendInput, type BackendReport } from "../answer.ts";
import { parseExpulsion } from "../channel-messages.ts";
import { isLive } from "../connection.ts";
import type { DeliveryOptions, DeliveryOutcome } from "../delivery.ts";
import { UseCase } from "../parts.ts";
import { toReceipt } from "../receipt.ts";
import { actOnTargets } from "../targets.ts";

/** How often the frame to one that has left is tried. */
const TRIES = 2;

/** A backend takes connections out of a channel: the relay removes their memberships and notifies them. */
export class UnsubscribeTargets extends UseCase {
  /**
   * Removes the target's connections from the channel. The receipt counts those that were in it, by what became of the
   * frame to them. Never rejects.
   */
  async execute(input: BackendInput): Promise<BackendReport<ReceiptFrame>> {
    const parsed = parseExpulsion(input.request);
    return await answerBackend(input, parsed, async ({ to, channel }, context) => {
      let hasLeft = false;
      const onLeft = () => {
        hasLeft = true;
      };
      const summary = await actOnTargets(this.parts, to, context, (connectionId) =>
        this.#unsubscribe(connectionId, channel, { ...context, tries: TRIES }, onLeft),
      );
      // Not to have been in the channel is no error: so the receipt is that of a channel, whatever the target is.
      return { answer: toReceipt(summary, { channel }, context, hasLeft), summary };
    });
  }

  /** What became of the frame; undefined if the connection was not in the channel. */
  async #unsubscribe(
    connectionId: string,
    channel: string,
    options: DeliveryOptions,
    onLeft: () => void,
  ): Promise<DeliveryOutcome | undefined> {
    const { store, delivery, presence, clock } = this.parts;
    try {
      const left = await store.leave(connectionId, channel, options.deadline);
      if (left === undefined || (left !== "unknown" && !isLive(left, clock()))) {
        return undefined;
      }
      onLeft();
      const frame: Required<UnsubscribedFrame> = { relay: "unsubscribed", channel, id: undefined };
      const outcome = await delivery.deliver(connectionId, JSON.stringify(frame), options);
      await presence.notify("left", left === "unknown" ? [] : [left], options);
      return outcome;
    } catch (failure) {
      options.onFailure(failure);
      return "failed";
    }
  }
}
