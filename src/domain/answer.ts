import type { ErrorCode } from "../../protocol/errors.ts";
import type { ErrorFrame, RelayFrame } from "../../protocol/frames.ts";
import type { Connection } from "./connection.ts";
import type { Delivery, DeliveryOptions, DeliveryOutcome } from "./delivery.ts";
import { errorFrame, Rejection } from "./errors.ts";
import { collectFailures } from "./failures.ts";
import type { Parsed } from "./messages.ts";
import type { DeliverySummary } from "./receipt.ts";

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

/** What became of what somebody asked for, for the log. It holds nothing that a client wrote. */
export interface Report {
  /** What became of it at its targets, if it had any. */
  readonly summary?: DeliverySummary | undefined;
  /** What went wrong on our side: the first few failures, if there were many. */
  readonly failures: readonly unknown[];
}

/** What became of a message. */
export interface MessageReport extends Report {
  /** The code of the error that was sent to the sender, if any. */
  readonly error: ErrorCode | undefined;
  /** What became of the frame to the sender, if there was one. */
  readonly answered: DeliveryOutcome | undefined;
}

/** A use case that takes a client's message, and answers its sender by itself. */
export interface MessageUseCase {
  /** Never rejects on a failing port: the report says what happened, for the log. */
  execute(input: MessageInput): Promise<MessageReport>;
}

/** What holds while a message is answered: the sender's own `id` for it, and when the work on it must be over. */
export interface MessageContext extends Omit<MessageInput, "message">, DeliveryOptions {
  readonly id: string | undefined;
}

/** What there is to send to the sender, if anything: a frame, or a bare text. */
export interface Answer {
  readonly frame?: RelayFrame | undefined;
  readonly text?: string;
  readonly summary?: DeliverySummary;
  /** What is done once the sender has its answer. It must not reject. */
  readonly afterwards?: (options: DeliveryOptions) => Promise<void>;
}

/** The time that is kept back for the answer to the sender, in milliseconds. */
const ANSWER_TIME = 5000;
/** How often the answer is tried: a throttled sender is not worth the time of all tries. */
const ANSWER_TRIES = 2;

/**
 * Does what a parsed message asks for, and sends the answer, if there is one, to its sender. An invalid message, and one that
 * `work` rejects, is answered with an error. `work` has to be over some time before the invocation's deadline.
 */
export async function answerSender<Request>(
  delivery: Delivery,
  input: MessageInput,
  { id, request }: Parsed<Request>,
  work: (request: Request, context: MessageContext) => Promise<Answer | Rejection>,
): Promise<MessageReport> {
  const { connectionId, requestId, deadline } = input;
  const { failures, onFailure } = collectFailures();
  const context = { ...input, id, deadline: deadline - ANSWER_TIME, onFailure };
  const done = request instanceof Rejection ? request : await work(request, context);
  const answer: Answer =
    done instanceof Rejection ? { frame: errorFrame(done, { id, requestId }) } : done;
  const { frame, text = frame && JSON.stringify(frame), summary, afterwards } = answer;
  const answered =
    text === undefined
      ? undefined
      : await delivery.deliver(connectionId, text, { deadline, onFailure, tries: ANSWER_TRIES });
  await afterwards?.({ deadline, onFailure });
  const error = frame?.relay === "error" ? frame.code : undefined;
  return { error, summary, answered, failures };
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

/** What became of what a backend asked for: `answer` is the frame that the invocation returns. */
export interface BackendReport<Frame> extends Report {
  readonly answer: Frame | ErrorFrame;
}

/** A use case that does what a backend asks for. */
export interface BackendUseCase<Frame extends RelayFrame = RelayFrame> {
  /** Never rejects. */
  execute(input: BackendInput): Promise<BackendReport<Frame>>;
}

/** What holds while a backend is answered. */
interface BackendContext extends DeliveryOptions {
  readonly id: string | undefined;
  readonly requestId: string;
}

/** Does what a backend's parsed request asks for. An invalid one is rejected. */
export async function answerBackend<Request, Frame>(
  { requestId, deadline }: BackendInput,
  { id, request }: Parsed<Request>,
  work: (
    request: Request,
    context: BackendContext,
  ) => Promise<Omit<BackendReport<Frame>, "failures"> | Rejection>,
): Promise<BackendReport<Frame>> {
  const { failures, onFailure } = collectFailures();
  const context = { id, requestId, deadline, onFailure };
  const done = request instanceof Rejection ? request : await work(request, context);
  const report = done instanceof Rejection ? { answer: errorFrame(done, context) } : done;
  return { ...report, failures };
}
