import type { ErrorCode } from "../../protocol/errors.ts";
import type { ErrorFrame, RelayFrame } from "../../protocol/frames.ts";
import type { Connection } from "./connection.ts";
import type { Delivery, DeliveryOptions, DeliveryOutcome } from "./delivery.ts";
import { errorFrame, type Rejection } from "./errors.ts";
import { Failures } from "./failures.ts";
import type { Parsed } from "./messages.ts";
import type { Parts } from "./parts.ts";
import type { DeliverySummary } from "./receipt.ts";
import { notFound } from "./registrations.ts";

/** One message of a client. */
export interface MessageInput {
  /** The sender's. */
  readonly connectionId: string;
  /** API Gateway's. */
  readonly messageId: string;
  /** API Gateway's. */
  readonly requestId: string;
  /** The client's parsed JSON, whatever it holds. */
  readonly message: unknown;
  /** When the invocation must be over, in milliseconds since 1970. */
  readonly deadline: number;
  /** The sender's registration, where something has found it live already. */
  readonly registration?: Connection | undefined;
}

/** What became of a message, for the log. It holds nothing that a client wrote. */
export interface MessageReport {
  /** The code of the error that was sent to the sender, if any. */
  readonly error: ErrorCode | undefined;
  /** What became of the message, if it had targets. */
  readonly summary: DeliverySummary | undefined;
  /** What became of the frame to the sender, if there was one. */
  readonly answered: DeliveryOutcome | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** A use case that takes a client's message, and answers its sender by itself. */
export interface MessageUseCase {
  /** Never rejects on a failing port: the report says what happened, for the log. */
  execute(input: MessageInput): Promise<MessageReport>;
}

/** What there is to send to the sender, if anything, and to report. */
export interface Answer {
  readonly text?: string;
  readonly error?: ErrorCode;
  readonly summary?: DeliverySummary;
  /** What is done once the sender has its answer. It must not reject. */
  readonly afterwards?: (options: DeliveryOptions) => Promise<void>;
}

/** The time that is kept back for the answer to the sender, in milliseconds. */
const ANSWER_TIME = 5000;
/** How often the answer is tried: a throttled sender is not worth the time of all tries. */
const ANSWER_TRIES = 2;

/**
 * Does what a message asks for, and sends the answer, if there is one, to its sender. `work` has to be over some time before
 * the invocation's deadline.
 */
export async function answerSender(
  delivery: Delivery,
  { connectionId, deadline }: MessageInput,
  work: (options: DeliveryOptions) => Promise<Answer>,
): Promise<MessageReport> {
  const failures = new Failures();
  const onFailure = failures.add;
  const options = { deadline: deadline - ANSWER_TIME, onFailure };
  const { text, error, summary, afterwards } = await work(options);
  const answered =
    text === undefined
      ? undefined
      : await delivery.deliver(connectionId, text, { deadline, onFailure, tries: ANSWER_TRIES });
  await afterwards?.({ deadline, onFailure });
  return { error, summary, answered, failures: failures.first };
}

/**
 * Does what a parsed message asks for, and answers its sender. An invalid one is rejected. `work` has to be over
 * some time before the invocation's deadline.
 */
export async function answerRequest<Request>(
  delivery: Delivery,
  input: MessageInput,
  parsed: Parsed<Request>,
  work: (request: Request, options: DeliveryOptions) => Promise<Answer>,
): Promise<MessageReport> {
  return await answerSender(delivery, input, async (options) =>
    parsed.kind === "invalid"
      ? reject(parsed.rejection, parsed.id, input)
      : await work(parsed.request, options),
  );
}

/**
 * Answers a client's question about a channel that it is in: with the frame that `read` makes, or with the error that it
 * returns. Those who are not in the channel get the error `stranger`.
 */
export async function answerMember<Question extends { readonly channel: string }>(
  { registrations, delivery }: Pick<Parts, "registrations" | "delivery">,
  input: MessageInput,
  parsed: Parsed<Question>,
  stranger: Rejection,
  read: (question: Question, options: DeliveryOptions) => Promise<RelayFrame | Rejection>,
): Promise<MessageReport> {
  const { id } = parsed;
  const { connectionId, registration } = input;
  return await answerRequest(delivery, input, parsed, async (question, options) => {
    const { channel } = question;
    const found = await registrations.findInChannel(connectionId, channel, options, registration);
    if (found.kind === "stranger") {
      return reject(stranger, id, input);
    }
    if (found.kind !== "member") {
      return reject(notFound(found), id, input);
    }
    const frame = await read(question, options);
    return "relay" in frame ? { text: JSON.stringify(frame) } : reject(frame, id, input);
  });
}

/** The answer with an error frame. */
export function reject(
  reason: Rejection,
  id: string | undefined,
  { requestId }: Pick<MessageInput, "requestId">,
): Answer {
  return { text: JSON.stringify(errorFrame(reason, { id, requestId })), error: reason.code };
}

/** What a backend asks for. */
export interface BackendInput {
  /** The member of the event, whatever it holds. */
  readonly request: unknown;
  /** Lambda's, the same for each try of one asynchronous invocation. */
  readonly requestId: string;
  /** When the invocation must be over, in milliseconds since 1970. */
  readonly deadline: number;
}

/** What became of what a backend asked for. */
export interface BackendReport<Frame> {
  /** The frame that the invocation returns. */
  readonly answer: Frame | ErrorFrame;
  /** What became of it at its targets, if it had any. */
  readonly summary: DeliverySummary | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** Does what a backend's parsed request asks for. An invalid one is rejected. */
export async function answerBackend<Request, Frame>(
  { requestId, deadline }: BackendInput,
  parsed: Parsed<Request>,
  work: (
    request: Request,
    options: DeliveryOptions,
  ) => Promise<Omit<BackendReport<Frame>, "failures"> | Rejection>,
): Promise<BackendReport<Frame>> {
  const failures = new Failures();
  const options = { deadline, onFailure: failures.add };
  const done = parsed.kind === "invalid" ? parsed.rejection : await work(parsed.request, options);
  const report =
    "code" in done
      ? { answer: errorFrame(done, { id: parsed.id, requestId }), summary: undefined }
      : done;
  return { ...report, failures: failures.first };
}
