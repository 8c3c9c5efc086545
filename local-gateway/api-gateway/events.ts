import type { IncomingMessage } from "node:http";
import { createTraceId } from "../ids.ts";
import type { DisconnectCause } from "../observation.ts";
import type { ConnectionDetails, ConnectRequest } from "./connection-details.ts";

/** What differs between the three kinds of event. */
type EventKind =
  | { readonly eventType: "CONNECT" }
  | { readonly eventType: "MESSAGE"; readonly messageId: string }
  | {
      readonly eventType: "DISCONNECT";
      readonly disconnectStatusCode: number;
      readonly disconnectReason: string;
    };

/**
 * The `requestContext` of an event, its members in the order in which API Gateway writes them. A member that does not
 * belong to the kind of event is absent, not null; `extendedRequestId` always equals `requestId`. `now` is the time of the
 * request, in milliseconds since 1970.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function requestContext(
  connection: ConnectionDetails,
  routeKey: string,
  kind: EventKind,
  requestId: string,
  now = Date.now(),
): object {
  return {
    routeKey,
    ...(kind.eventType === "MESSAGE" && { messageId: kind.messageId }),
    ...(kind.eventType === "DISCONNECT" && {
      disconnectStatusCode: kind.disconnectStatusCode,
    }),
    eventType: kind.eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    messageDirection: "IN",
    ...(kind.eventType === "DISCONNECT" && { disconnectReason: kind.disconnectReason }),
    stage: connection.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: now,
    ...(connection.authorizer && { authorizer: connection.authorizer }),
    identity: {
      ...(connection.userAgent !== undefined && { userAgent: connection.userAgent }),
      sourceIp: connection.sourceIp,
    },
    requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
  };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * A moment as events write it, `15/Jul/2026:09:00:04 +0000`, always in UTC.
 *
 * @param epoch in milliseconds
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function requestTime(epoch: number): string {
  const moment = new Date(epoch);
  const [date = "", time = ""] = moment.toISOString().split("T");
  const [year, , day] = date.split("-");
  return `${day}/${MONTHS[moment.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}

/** Names with all of their values, in the two shapes in which events carry them. */
interface SingleAndMultiValues {
  /** The last value of each name. */
  readonly single: Record<string, string>;
  readonly multi: Record<string, string[]>;
}

/**
 * Headers or query parameters in both shapes. Safe for any name, `__proto__` included.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function singleAndMultiValues(
  entries: readonly (readonly [name: string, values: string[]])[],
): SingleAndMultiValues {
  return {
    single: Object.fromEntries(entries.map(([name, values]) => [name, values.at(-1) ?? ""])),
    multi: Object.fromEntries(entries),
  };
}

/** A header with all of its values, under the spelling that the client used first. */
type HeaderValues = [name: string, values: string[]];

/**
 * The headers of an upgrade request: the client's own in its own spelling, with the API's host name as `Host` and with
 * what API Gateway adds (`X-Forwarded-*` as behind TLS on port 443, `X-Amzn-Trace-Id`, an empty body's length), sorted
 * by name.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function eventHeaders(
  request: IncomingMessage,
  domainName: string,
  sourceIp: string,
): HeaderValues[] {
  const headers = new Map<string, HeaderValues>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    const known = headers.get(name.toLowerCase());
    if (known) {
      known[1].push(value);
    } else {
      headers.set(name.toLowerCase(), [name, [value]]);
    }
  }
  const forwarded = headers.get("x-forwarded-for")?.[1] ?? [];
  const trace = headers.get("x-amzn-trace-id")?.[1] ?? [createTraceId()];
  for (const [name, values] of [
    ["Connection", ["upgrade"]],
    ["content-length", ["0"]],
    ["Host", [domainName]],
    ["Upgrade", ["websocket"]],
    ["X-Amzn-Trace-Id", trace],
    ["X-Forwarded-For", [[...forwarded, sourceIp].join(", ")]],
    ["X-Forwarded-Port", ["443"]],
    ["X-Forwarded-Proto", ["https"]],
  ] satisfies HeaderValues[]) {
    headers.set(name.toLowerCase(), [name, values]);
  }
  return [...headers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, header]) => header);
}

/**
 * The decoded query parameters of a URL, each name once with all of its values; empty when there is no query string.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function queryParameters(url: string): [name: string, values: string[]][] {
  const start = url.indexOf("?");
  if (start === -1) {
    return [];
  }
  const parameters = new URLSearchParams(url.slice(start + 1));
  return [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]);
}

/** Headers of the connection between two machines, which API Gateway does not pass on to the integration. */
const HOP_BY_HOP = new Set(["connection", "upgrade", "content-length"]);

/**
 * The event of the `$connect` route. Both members of the query string are absent when there is none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function connectEvent({ details, request, requestId, receivedAt }: ConnectRequest): object {
  const { domainName, sourceIp, stageVariables } = details;
  const headers = singleAndMultiValues(
    eventHeaders(request, domainName, sourceIp).filter(
      ([name]) => !HOP_BY_HOP.has(name.toLowerCase()),
    ),
  );
  const parameters = queryParameters(request.url ?? "");
  const query = singleAndMultiValues(parameters);
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(parameters.length > 0 && {
      queryStringParameters: query.single,
      multiValueQueryStringParameters: query.multi,
    }),
    ...(stageVariables && { stageVariables }),
    requestContext: requestContext(
      details,
      "$connect",
      { eventType: "CONNECT" },
      requestId,
      receivedAt,
    ),
    isBase64Encoded: false,
  };
}

/** What identifies one message. */
interface MessageIds {
  readonly messageId: string;
  readonly requestId: string;
}

/**
 * The event of a message: no headers, and the text as it came, also when it is empty.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function messageEvent(
  connection: ConnectionDetails,
  routeKey: string,
  body: string,
  { messageId, requestId }: MessageIds,
): object {
  const { stageVariables } = connection;
  return {
    ...(stageVariables && { stageVariables }),
    requestContext: requestContext(
      connection,
      routeKey,
      { eventType: "MESSAGE", messageId },
      requestId,
    ),
    body,
    isBase64Encoded: false,
  };
}

/**
 * The event of the `$disconnect` route. Its headers are always the same four, three of them empty: the client's own
 * are only in the `$connect` event.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function disconnectEvent(
  connection: ConnectionDetails,
  cause: DisconnectCause,
  requestId: string,
): object {
  const headers = singleAndMultiValues([
    ["Host", [connection.domainName]],
    ["x-api-key", [""]],
    ["X-Forwarded-For", [""]],
    ["x-restapi", [""]],
  ]);
  const { stageVariables } = connection;
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(stageVariables && { stageVariables }),
    requestContext: requestContext(
      connection,
      "$disconnect",
      {
        eventType: "DISCONNECT",
        disconnectStatusCode: cause.code,
        disconnectReason: cause.reason,
      },
      requestId,
    ),
    isBase64Encoded: false,
  };
}
