import type { Context } from "aws-lambda";
import type { RelayFrame } from "../../protocol/frames.ts";
import { MAX_CHANNELS_AT_CONNECT } from "../../protocol/limits.ts";
import { NAME_RULE } from "../../protocol/name.ts";
import { SUBPROTOCOL } from "../../protocol/requests.ts";
import type { BackendUseCase, MessageUseCase } from "../domain/answer.ts";
import { errorFrame, Rejection } from "../domain/errors.ts";
import { collectFailures } from "../domain/failures.ts";
import type { Parts } from "../domain/parts.ts";
import type { DeliverySummary } from "../domain/receipt.ts";
import type { Connect, ConnectOutcome } from "../domain/use-cases/connect.ts";
import type { Disconnect } from "../domain/use-cases/disconnect.ts";
import {
  BACKEND_REQUESTS,
  type BackendRequest,
  deadlineOf,
  offeredSubprotocols,
  readJob,
  readToken,
  upgradeHeader,
  type WebSocketEvent,
} from "./event.ts";
import { type Log, logDelivery, logFailures } from "./log.ts";
import type { Measure } from "./metrics.ts";

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
  /** For backends, by what they ask for. */
  readonly backend: Readonly<Record<BackendRequest, BackendRoute>>;
  /** For a backend that asks for several things at once. */
  readonly ambiguous: BackendRoute;
}

/** The way from a backend's request to a use case. The result is the answer itself, if there is one: API Gateway does not read it. */
export type BackendRoute = (request: unknown, context: Context) => Promise<RelayFrame | undefined>;

const RESULTS: Readonly<Record<ConnectOutcome["kind"], ProxyResult>> = {
  connected: { statusCode: 200, body: "Connected! Hello WebSocket App!" },
  badName: { statusCode: 400, body: `A name has ${NAME_RULE}.` },
  tooManyChannels: {
    statusCode: 400,
    body: `A URL may have up to ${MAX_CHANNELS_AT_CONNECT} channels.`,
  },
  unauthenticated: { statusCode: 401, body: "Unauthorized" },
  nameless: { statusCode: 401, body: "Unauthorized" },
  forbidden: { statusCode: 403, body: "Forbidden" },
};

/** `$connect`: its status decides whether the connection is accepted. */
export function connectRoute(connect: Connect, log: Log, measure: Measure): Route {
  return async (event, context) => {
    const { connectionId, routeKey, requestId } = event.requestContext;
    const [user, ...moreUsers] = queryParameter(event, "user");
    const outcome = await connect.execute({
      connectionId,
      // Several users together are not a valid name.
      user: moreUsers.length === 0 ? user : null,
      channels: queryParameter(event, "channel"),
      token: readToken(event),
      origin: origin(event),
      deadline: deadlineOf(context),
    });
    const request = { connectionId, routeKey, requestId };
    if (outcome.kind !== "connected") {
      log("warn", "rejected", { ...request, reason: outcome.kind });
      measure({ rejection: outcome.kind });
      return RESULTS[outcome.kind];
    }
    log("info", "connected", request);
    logFailures(log, request, outcome.failures);
    measure({ connected: true, failures: outcome.failures });
    // A client that offers subprotocols, as a browser with a token must, ends a connection that selects none of them.
    return offeredSubprotocols(event).includes(SUBPROTOCOL)
      ? { ...RESULTS.connected, headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL } }
      : RESULTS.connected;
  };
}

/** The values of a parameter of the URL. */
function queryParameter(event: WebSocketEvent, name: string): readonly string[] {
  const parameters = event.multiValueQueryStringParameters ?? {};
  return Object.hasOwn(parameters, name) ? (parameters[name] ?? []) : [];
}

/** The page's origin. Several make one that is on no list. */
function origin(event: WebSocketEvent): string | undefined {
  const values = upgradeHeader(event, "origin");
  return values.length === 0 ? undefined : values.join(",");
}

/** `$disconnect`: API Gateway invokes it after the connection has closed, at best effort, and ignores the result. */
export function disconnectRoute(disconnect: Disconnect, log: Log, measure: Measure): Route {
  return async (
    { requestContext: { connectionId, routeKey, requestId, disconnectStatusCode } },
    context,
  ) => {
    const deadline = deadlineOf(context);
    const { failures } = await disconnect.execute({ connectionId, deadline });
    const request = { connectionId, routeKey, requestId };
    log("info", "disconnected", { ...request, disconnectStatusCode });
    logFailures(log, request, failures);
    measure({ failures });
    return { statusCode: 200, body: "Disconnected! Good-bye WebSocket App!" };
  };
}

/** The one-way route of a message: the client does not see this result, only what the use case sends to it. */
export function messageRoute(useCase: MessageUseCase, log: Log, measure: Measure): Route {
  return async ({ requestContext, body: message }, context) => {
    const { connectionId, routeKey, requestId } = requestContext;
    const startedAt = Date.now();
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
    measure({ ...report, rejection: report.error, startedAt });
    // A line for each message that is rejected in silence would cost more than the message.
    if (report.error !== undefined && report.answered !== undefined) {
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

/** What a backend asks for. It reads the result, so that is the frame itself. */
export function backendRoute(useCase: BackendUseCase, log: Log, measure: Measure): BackendRoute {
  return async (request, context) => {
    const requestId = context.awsRequestId;
    const startedAt = Date.now();
    const report = await useCase.execute({ request, requestId, deadline: deadlineOf(context) });
    const { answer } = report;
    logDelivery(log, { requestId }, report);
    const rejection = answer.relay === "error" ? answer.code : undefined;
    const gap = answer.relay === "history" && answer.gap;
    measure({ ...report, rejection, gap, startedAt });
    if (rejection !== undefined) {
      log("warn", "rejected", { requestId, code: rejection });
    }
    return answer;
  };
}

/** A part of a large fan-out, which an earlier invocation has handed over. Nobody reads the result. */
export function jobRoute({ largeFanOut, slices }: Parts, log: Log, measure: Measure): BackendRoute {
  return async (request, context) => {
    const requestId = context.awsRequestId;
    const job = readJob(request);
    if (job === undefined) {
      const message = '"fanOut" is for the relay itself: use "publish".';
      return errorFrame(new Rejection("INVALID_MESSAGE", message), { id: undefined, requestId });
    }
    const { failures, onFailure } = collectFailures();
    const options = { deadline: deadlineOf(context), onFailure };
    let part: DeliverySummary | undefined;
    if (job.kind === "slice") {
      part = await slices.deliver(job, options);
    } else {
      await largeFanOut.goOn(job, options);
    }
    logDelivery(log, { requestId: job.message.key }, { summary: part, failures });
    measure({ part, failures });
    return undefined;
  };
}

/** A backend's event that asks for several things: nothing is done. */
export const ambiguousRoute: BackendRoute = async (_, { awsRequestId: requestId }) => {
  const message = `The event must have exactly one of the members ${BACKEND_REQUESTS.join(", ")}.`;
  return errorFrame({ code: "INVALID_MESSAGE", message }, { id: undefined, requestId });
};
