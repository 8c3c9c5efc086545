import type { InvocationResult, LambdaFunction } from "../../../local-gateway/lambda/invocation.ts";
import { Inbox } from "./inbox.ts";
import type { RecordedEvent } from "./recorded-event.ts";

/** What a recording function does with an event. */
export type Answer = (event: RecordedEvent) => InvocationResult | Promise<InvocationResult>;

/** A function in this process that keeps the events it received. */
export class RecordingFunction implements LambdaFunction {
  readonly events = new Inbox<RecordedEvent>();
  readonly #answer: Answer;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  async invoke(event: object): Promise<InvocationResult> {
    const received: RecordedEvent = JSON.parse(JSON.stringify(event));
    this.events.put(received);
    return await this.#answer(received);
  }
}
