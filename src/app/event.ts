import type { Context } from "aws-lambda";
import { TOKEN_SUBPROTOCOL_PREFIX } from "../../protocol/requests.ts";
import { isConnectionId } from "../domain/connection.ts";
import type { Rest, Slice } from "../domain/fan-out/ports.ts";
import { parseTarget } from "../domain/messages.ts";

/**
 * What the relay reads of the events that API Gateway sends to a function behind a WebSocket API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export interface WebSocketEvent {
  readonly requestContext: {
    readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
    readonly routeKey: string;
    readonly connectionId: string;
    readonly requestId: string;
    /** Only of a MESSAGE. */
    readonly messageId?: string | null;
    /** Only of a DISCONNECT: the close code. */
    readonly disconnectStatusCode?: number | null;
  };
  /** Only of a CONNECT: the upgrade's headers, with their names as the client wrote them. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  /** Only of a CONNECT whose URL has a query string. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>> | null;
  /** Only of a MESSAGE: the client's text, or what a middleware made of it. */
  body?: unknown;
}

/** What a backend may ask for, each by a member of this name in its event, which is any JSON value. */
export const BACKEND_REQUESTS = [
  "publish",
  "disconnect",
  "unsubscribe",
  "members",
  "history",
] as const;

/** The member by which the function hands parts of large fan-outs to itself. */
const JOB = "fanOut";

/** One of the things that a backend, or the function itself, may ask for. */
export type BackendRequest = (typeof BACKEND_REQUESTS)[number] | typeof JOB;

/** What a backend, or the function itself, invokes the function with. */
export type BackendEvent = { readonly [Name in BackendRequest]?: unknown };

/**
 * What a backend has invoked the function for; nothing where it is not a backend. What comes from a connection comes in an
 * event of API Gateway's, which always has a request context, and nothing that a client writes becomes a member next to
 * it.
 */
export function backendRequests(event: unknown): readonly BackendRequest[] {
  return typeof event === "object" && event !== null && !Object.hasOwn(event, "requestContext")
    ? ([...BACKEND_REQUESTS, JOB] as const).filter((name) => Object.hasOwn(event, name))
    : [];
}

/** The part of a fan-out that the function has handed to itself; undefined for anything that it would not write. */
export function readJob(value: unknown): Slice | Rest | undefined {
  const { kind, message, after, ids, startAt, expiresAt, depth } = Object(value);
  const { key, to, text } = Object(message);
  const hasMessage = [key, text].every(isText) && typeof parseTarget(to, "to") === "object";
  const isSlice = isText(after) && Array.isArray(ids) && ids.every(isConnectionId);
  const isPart =
    kind === "slice"
      ? isSlice && [startAt, expiresAt].every(Number.isFinite)
      : kind === "rest" && Number.isSafeInteger(depth);
  return hasMessage && isPart ? (value as Slice | Rest) : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Every value that the upgrade has for a header, whose name is given in small letters. */
export function upgradeHeader(event: WebSocketEvent, name: string): readonly string[] {
  return Object.entries(event.multiValueHeaders ?? {})
    .filter(([written]) => written.toLowerCase() === name)
    .flatMap(([, values]) => values);
}

/** The subprotocols that the client offers in its upgrade, in its order. */
export function offeredSubprotocols(event: WebSocketEvent): readonly string[] {
  return upgradeHeader(event, "sec-websocket-protocol")
    .flatMap((value) => value.split(","))
    .map((name) => name.trim());
}

const SCHEME = /^Bearer\b/i;
const HEADER = /^Bearer +(\S+)$/i;

/**
 * The token that the client presents: in its `Authorization` header, or as a subprotocol `bearer.…`, because browsers
 * do not let a page set headers. Undefined if there is none, and also if there are several: the relay does not choose.
 */
export function readToken(event: WebSocketEvent): string | undefined {
  const inHeaders = upgradeHeader(event, "authorization")
    // Another scheme is not for the relay; a bearer token that cannot be read still counts as one.
    .filter((value) => SCHEME.test(value))
    .map((value) => HEADER.exec(value)?.[1]);
  const offered = offeredSubprotocols(event)
    .filter((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX))
    .map((name) => name.slice(TOKEN_SUBPROTOCOL_PREFIX.length));
  const [token, ...more] = [...inHeaders, ...offered];
  return more.length === 0 ? token : undefined;
}

/** The time from the last answer to the function's result, in milliseconds. */
const RETURN_TIME = 500;

/** When everything that an invocation does must be over, in milliseconds since 1970. */
export function deadlineOf(context: Context): number {
  return Date.now() + context.getRemainingTimeInMillis() - RETURN_TIME;
}
