import type { Context } from "aws-lambda";
import type { Connect } from "../domain/use-cases/connect.ts";
import type { Disconnect } from "../domain/use-cases/disconnect.ts";
import type { Publish } from "../domain/use-cases/publish.ts";
import type { Relay } from "../domain/use-cases/relay.ts";
import type { Unknown } from "../domain/use-cases/unknown.ts";
import type { WebSocketEvent } from "./event.ts";

/** The way from an event to a use case, and from its outcome to the function's result. */
export type Route = (event: WebSocketEvent, context: Context) => Promise<ProxyResult>;

/**
 * What the function returns to API Gateway. Other members, or a body that is no text, would reach the client as an
 * internal server error.
 */
export interface ProxyResult {
  readonly statusCode: number;
  readonly body: string;
  /** Only for a `$connect`: the subprotocol that was chosen of those that the client offered. */
  readonly headers?: { readonly "Sec-WebSocket-Protocol": string };
}

/** Everything the function can be asked to do. */
export interface UseCases {
  readonly connect: Pick<Connect, "execute">;
  readonly disconnect: Pick<Disconnect, "execute">;
  readonly relay: Pick<Relay, "execute">;
  readonly publish: Pick<Publish, "execute">;
  readonly unknown: Pick<Unknown, "execute">;
}
