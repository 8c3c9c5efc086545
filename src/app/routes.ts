import type { Context } from "aws-lambda";
import type { ErrorFrame, ReceiptFrame } from "../../protocol/frames.ts";
import { NAME_RULE } from "../../protocol/name.ts";
import { SUBPROTOCOL } from "../../protocol/requests.ts";
import type { Connect, ConnectOutcome } from "../domain/use-cases/connect.ts";
import type { Disconnect } from "../domain/use-cases/disconnect.ts";
import type { Publish } from "../domain/use-cases/publish.ts";
import type { RelayInput, RelayReport } from "../domain/use-cases/relay.ts";
import {
  deadlineOf,
  offeredSubprotocols,
  type PublishEvent,
  readToken,
  upgradeHeader,
  type WebSocketEvent,
} from "./event.ts";
import { type Log, logDelivery } from "./log.ts";

/** The way from an event of API Gateway's to a use case, and from its outcome to the function's result. */
export type Route = (event: WebSocketEvent, context: Context) => Promise<ProxyResult>;

/**
 * What the function returns to API Gateway. Other members, or a body that is not a text, would reach the client as an
 * internal server error.
 */
export interface ProxyResult {
  readonly statusCode: number;
  readonly body: string;
  /** Only for a `$connect`: the subprotocol that was selected among those that the client offered. */
  readonly headers?: { readonly "Sec-WebSocket-Protocol": string };
}

/** Everything that the function does, by what happened. */
export interface Routes {
  readonly connect: Route;
  readonly disconnect: Route;
  /** The routes for messages, by route key. */
  readonly messages: Readonly<Record<string, Route>>;
  /** For messages that have no route of their own. */
  readonly unknown: Route;
  /** For backends, whose result is the answer itself: API Gateway does not read it. */
  readonly publish: (event: PublishEvent, context: Context) => Promise<ErrorFrame | ReceiptFrame>;
}

const RESULTS: Readonly<Record<ConnectOutcome["kind"], ProxyResult>> = {
  connected: { statusCode: 200, body: "Connected! Hello WebSocket App!" },
  badName: { statusCode: 400, body: `A name has ${NAME_RULE}.` },
  unauthenticated: { statusCode: 401, body: "Unauthorized" },
  nameless: { statusCode: 401, body: "Unauthorized" },
  forbidden: { statusCode: 403, body: "Forbidden" },
};

/** `$connect`: its status decides whether the connection is accepted. */
export function connectRoute(connect: Connect, log: Log): Route {
  return async (event) => {
    const { connectionId, routeKey, requestId } = event.requestContext;
    const { kind } = await connect.execute({
      connectionId,
      user: queryParameter(event, "user"),
      channel: queryParameter(event, "channel"),
      token: readToken(event),
      origin: origin(event),
    });
    const request = { connectionId, routeKey, requestId };
    if (kind !== "connected") {
      log("warn", "rejected", { ...request, reason: kind });
      return RESULTS[kind];
    }
    log("info", "connected", request);
    // A client that offers subprotocols, as a browser with a token must, ends a connection that selects none of them.
    return offeredSubprotocols(event).includes(SUBPROTOCOL)
      ? { ...RESULTS.connected, headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL } }
      : RESULTS.connected;
  };
}

/** A parameter of the URL; all its values together if it comes more than once, which is not a valid name. */
function queryParameter(event: WebSocketEvent, name: string): unknown {
  const parameters = event.multiValueQueryStringParameters ?? {};
  const values = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return values?.length === 1 ? values[0] : values;
}

/** The page's origin. Several make one that is on no list. */
function origin(event: WebSocketEvent): string | undefined {
  const values = upgradeHeader(event, "origin");
  return values.length === 0 ? undefined : values.join(",");
}

/** `$disconnect`: API Gateway invokes it after the connection has closed, at best effort, and ignores the result. */
export function disconnectRoute(disconnect: Disconnect, log: Log): Route {
  return async ({
    requestContext: { connectionId, routeKey, requestId, disconnectStatusCode },
  }) => {
    await disconnect.execute({ connectionId });
    log("info", "disconnected", { connectionId, routeKey, requestId, disconnectStatusCode });
    return { statusCode: 200, body: "Disconnected! Good-bye WebSocket App!" };
  };
}

/** A use case that takes a client's message, and answers its sender by itself. */
interface MessageUseCase {
  execute(input: RelayInput): Promise<RelayReport>;
}

/** The one-way route of a message: the client does not see this result, only what the use case sends to it. */
export function messageRoute(useCase: MessageUseCase, log: Log): Route {
  return async ({ requestContext, body: message }, context) => {
    const { connectionId, routeKey, requestId } = requestContext;
    const report = await useCase.execute({
      connectionId,
      // API Gateway gives every message one; older recordings say null where there is none.
      messageId: requestContext.messageId ?? requestId,
      requestId,
      message,
      deadline: deadlineOf(context),
    });
    const request = { connectionId, routeKey, requestId };
    logDelivery(log, request, report);
    if (report.error !== undefined) {
      log("warn", "rejected", { ...request, code: report.error, answered: report.answered });
    }
    return { statusCode: 200, body: "Send data!" };
  };
}

/** `$default`, a two-way route: the client receives this body. */
export const unknownRoute: Route = async () => ({
  statusCode: 200,
  body: "Undefined Route Detected!",
});

/** A backend's publication. The backend reads the result, so it is the receipt or the error itself. */
export function publishRoute(publish: Publish, log: Log): Routes["publish"] {
  return async (event, context) => {
    const requestId = context.awsRequestId;
    const report = await publish.execute({
      publication: event.publish,
      requestId,
      deadline: deadlineOf(context),
    });
    logDelivery(log, { requestId }, report);
    if (report.answer.relay === "error") {
      log("warn", "rejected", { requestId, code: report.answer.code });
    }
    return report.answer;
  };
}
