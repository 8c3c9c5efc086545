import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
  ApiGatewayManagementApiServiceException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { MessageSender } from "../domain/ports/message-sender.ts";
import type { SendOutcome } from "../domain/send-outcome.ts";

/** Tries of one post, the first included, if there is time for them. */
const ATTEMPTS = 6;
/** The time that one try may take, from connecting to the end of the answer, in milliseconds. */
const TRY_TIMEOUT = 2500;
/** The longest wait before the second try, in milliseconds; it doubles with every further one. */
const BACKOFF = 200;

/**
 * What API Gateway's answers mean for a post.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
const OUTCOMES: ReadonlyMap<number | undefined, SendOutcome> = new Map([
  [400, "refused"],
  [410, "gone"],
  [413, "tooLarge"],
  [429, "throttled"],
]);

/** The message sender on API Gateway's management API, `POST @connections/{connectionId}`. */
export class ApiGatewayMessageSender implements MessageSender {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #wait: (milliseconds: number) => Promise<unknown>;

  /**
   * `client` is the SDK's own configuration; its endpoint is the API's URL with the stage. `wait` passes the time
   * between two tries.
   */
  constructor(
    client: ApiGatewayManagementApiClientConfig & { readonly endpoint: string },
    wait: (milliseconds: number) => Promise<unknown> = pass,
  ) {
    this.#wait = wait;
    this.#client = new ApiGatewayManagementApiClient({
      // Without any, the client looks for the AWS CLI's files, to see how long it should wait.
      requestHandler: {},
      ...client,
      // The SDK would also repeat posts that were slow, and those may have arrived.
      maxAttempts: 1,
    });
  }

  /** Posts `text`, again only after a 429: API Gateway says so before it has taken anything. */
  async send(connectionId: string, text: string, until: number): Promise<SendOutcome> {
    for (let retry = 0; ; retry += 1) {
      const outcome = await this.#post(connectionId, text, until);
      const wait = Math.random() * BACKOFF * 2 ** retry;
      if (outcome !== "throttled" || retry === ATTEMPTS - 1 || Date.now() + wait >= until) {
        return outcome;
      }
      await this.#wait(wait);
    }
  }

  async #post(connectionId: string, text: string, until: number): Promise<SendOutcome> {
    const left = Math.max(0, until - Date.now());
    const deadline = new AbortController();
    if (left === 0) {
      // A timer would ring only after the post has gone out.
      deadline.abort();
    }
    // AbortSignal.timeout() would keep each signal for all of its time, and then make an error that nobody waits for.
    const timer = setTimeout(() => deadline.abort(), Math.min(left, TRY_TIMEOUT));
    try {
      await this.#client.send(
        new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(text) }),
        { abortSignal: deadline.signal },
      );
      return "delivered";
    } catch (error) {
      const outcome =
        error instanceof ApiGatewayManagementApiServiceException
          ? OUTCOMES.get(error.$metadata.httpStatusCode)
          : undefined;
      if (outcome === undefined) {
        throw error;
      }
      return outcome;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Node has this in a module, which each cold start would load for the rare wait. */
function pass(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
