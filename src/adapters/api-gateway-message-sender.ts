import { setTimeout as wait } from "node:timers/promises";
import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
  ApiGatewayManagementApiServiceException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { MessageSender } from "../domain/ports/message-sender.ts";
import type { SendOutcome } from "../domain/send-outcome.ts";

/** Tries of one post, the first included. */
const ATTEMPTS = 3;
/** The time that one try may take to connect, and then to be answered, in milliseconds. */
const CONNECT_TIMEOUT = 1000;
const REQUEST_TIMEOUT = 1500;
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
  /** The longest that one send can take, in milliseconds. */
  static readonly longestSend =
    ATTEMPTS * (CONNECT_TIMEOUT + REQUEST_TIMEOUT) + (2 ** (ATTEMPTS - 1) - 1) * BACKOFF;

  readonly #client: ApiGatewayManagementApiClient;

  /** `client` is the SDK's own configuration; its endpoint is the API's URL with the stage. */
  constructor(client: ApiGatewayManagementApiClientConfig & { readonly endpoint: string }) {
    this.#client = new ApiGatewayManagementApiClient({
      ...client,
      // The SDK would also repeat posts that were slow, and those may have arrived.
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        // Without it a slow request is only warned about.
        throwOnRequestTimeout: true,
      },
    });
  }

  /** Posts `text`, again only after a 429: API Gateway says so before it has taken anything. */
  async send(connectionId: string, text: string): Promise<SendOutcome> {
    let outcome = await this.#post(connectionId, text);
    for (let retry = 0; outcome === "throttled" && retry < ATTEMPTS - 1; retry += 1) {
      await wait(Math.random() * BACKOFF * 2 ** retry);
      outcome = await this.#post(connectionId, text);
    }
    return outcome;
  }

  async #post(connectionId: string, text: string): Promise<SendOutcome> {
    try {
      await this.#client.send(
        new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(text) }),
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
    }
  }
}
