import type { HistoryFrame } from "../../../protocol/frames.ts";
import { type HistoryQuestion, parseHistory } from "../channel-messages.ts";
import { ChannelQuestion } from "../channel-question.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { type Rejection, rejection } from "../errors.ts";

/**
 * Somebody asks for the messages of a channel: a client that is in it, or a backend. They get everything that is kept, also from
 * before a client joined.
 */
export class ReadHistory extends ChannelQuestion<HistoryQuestion, HistoryFrame> {
  protected override readonly name = "history";
  protected override readonly stranger = rejection("FORBIDDEN", "notAReader");
  protected override readonly parse = parseHistory;

  protected override async read(
    question: HistoryQuestion,
    id: string | undefined,
    options: DeliveryOptions,
  ): Promise<HistoryFrame | Rejection> {
    const { history } = this.parts;
    return history === undefined
      ? rejection("INVALID_MESSAGE", "historyOff")
      : await history.read(question, id, options);
  }
}
