import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { RelayFailure } from "../domain/failures.ts";
import type {
  Clock,
  CloseOutcome,
  MessageSender,
  ProbeOutcome,
  SendOutcome,
} from "../domain/ports.ts";
import { dropIdleSockets } from "./idle-sockets.ts";

/** The time that one call may take, from connecting to the end of the answer, in milliseconds. */
const CALL_TIMEOUT = 2500;

/**
 * What the status of an answer means where it is not a success. Any other is a failure.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
const OUTCOMES: ReadonlyMap<number, Exclude<SendOutcome, "delivered">> = new Map([
  [400, "rejected"],
  [410, "gone"],
  [413, "tooLarge"],
  [429, "throttled"],
]);

/** The message sender on API Gateway's management API, `POST`, `GET` and `DELETE @connections/{connectionId}`. */
export class ApiGatewayMessageSender implements MessageSender {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #signals = new WeakMap<object, AbortSignal>();

  /**
   * `client` is the SDK's own configuration; its endpoint is the API's URL with the stage. `clock` is the wall clock, by
   * which idle sockets are dropped.
   */
  constructor(
    client: ApiGatewayManagementApiClientConfig & { readonly endpoint: string },
    clock: Clock = Date.now,
  ) {
    this.#client = new ApiGatewayManagementApiClient({
      // Without any, the client looks for the AWS CLI's files, to see how long it should wait.
      requestHandler: {},
      // Else each call builds its chain of middlewares anew, a tenth of its processor time.
      cacheMiddleware: true,
      ...client,
      // The SDK would also repeat posts that were slow, and those may have arrived.
      maxAttempts: 1,
    });
    dropIdleSockets(this.#client, clock);
    answerByStatus(this.#client, this.#signals);
  }

  async send(connectionId: string, text: string, deadline: number): Promise<SendOutcome> {
    const post = { ConnectionId: connectionId, Data: Buffer.from(text) };
    const { $metadata } = await this.#withDeadline(post, deadline, () =>
      this.#client.send(new PostToConnectionCommand(post)),
    );
    return OUTCOMES.get($metadata.httpStatusCode ?? 0) ?? "delivered";
  }

  async probe(connectionId: string, deadline: number): Promise<ProbeOutcome> {
    const target = { ConnectionId: connectionId };
    const { $metadata } = await this.#withDeadline(target, deadline, () =>
      this.#client.send(new GetConnectionCommand(target)),
    );
    return withoutText("GetConnection", $metadata.httpStatusCode) ?? "alive";
  }

  async close(connectionId: string, deadline: number): Promise<CloseOutcome> {
    const target = { ConnectionId: connectionId };
    const { $metadata } = await this.#withDeadline(target, deadline, () =>
      this.#client.send(new DeleteConnectionCommand(target)),
    );
    return withoutText("DeleteConnection", $metadata.httpStatusCode) ?? "closed";
  }

  /** Makes the call with `input`, which ends at its deadline, or after its usual time if that is earlier. */
  async #withDeadline<Output>(
    input: object,
    deadline: number,
    call: () => Promise<Output>,
  ): Promise<Output> {
    const left = Math.max(0, deadline - Date.now());
    const controller = new AbortController();
    this.#signals.set(input, controller.signal);
    if (left === 0) {
      // A timer would fire only after the call has gone out.
      controller.abort();
    }
    // AbortSignal.timeout() would keep each signal for all of its time, and then make an error that nobody waits for.
    const timer = setTimeout(() => controller.abort(), Math.min(left, CALL_TIMEOUT));
    try {
      return await call();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What the status means where nothing was sent, undefined where it is a success; throws for any other. */
function withoutText(
  operation: string,
  status: number | undefined,
): "gone" | "throttled" | undefined {
  const outcome = OUTCOMES.get(status ?? 0);
  if (outcome === "rejected" || outcome === "tooLarge") {
    throw new RelayFailure("UNEXPECTED_STATUS", `${operation} was answered with ${status}.`);
  }
  return outcome;
}

/**
 * Lets the client end each call by the signal for its input, resolve with every status that means something, and reject on
 * all others. What is in the body of an answer proves nothing: it may be HTML, or broken JSON, or never end. So the SDK
 * reads only those that it makes errors of. A signal among the options of `send` would rule out that it keeps middlewares.
 */
function answerByStatus(
  { middlewareStack, config }: ApiGatewayManagementApiClient,
  signals: WeakMap<object, AbortSignal>,
): void {
  const errors = new WeakMap<object, { response: unknown }>();
  middlewareStack.add(
    (next) => async (call) => {
      const abortSignal = signals.get(call.input);
      const answer = await config.requestHandler.handle(call.request, { abortSignal });
      const { statusCode: status, body } = answer.response;
      if (OUTCOMES.has(status) || (status >= 200 && status < 300)) {
        await new Promise((resolve) => body.once("close", resolve).resume());
        return { response: answer.response, output: { $metadata: { httpStatusCode: status } } };
      }
      errors.set(call.input, answer);
      return next(call);
    },
    { step: "deserialize", priority: "high", name: "answerByStatus" },
  );
  middlewareStack.add(
    () =>
      async ({ input }) => {
        const { response } = errors.get(input) ?? {};
        return { response, output: { $metadata: {} } };
      },
    { step: "deserialize", priority: "low", name: "readErrors" },
  );
}
