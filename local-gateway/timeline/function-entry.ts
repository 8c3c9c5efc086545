import type { InvocationResult } from "../lambda/invocation.ts";
import { cutText } from "../text.ts";
import { MAX_PROBLEM, type NewEntry } from "./observed-entry.ts";

/** What an event says about itself. */
export interface EventContext {
  /** Absent when the event is not one of API Gateway. */
  readonly connectionId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly routeKey?: string | undefined;
  /** The message that the event brings; absent for any other event. */
  readonly message?: string | undefined;
}

/** Reads the `requestContext` of a WebSocket event; empty for any other event. */
export function eventContext(event: unknown): EventContext {
  const context = memberOf(event, "requestContext");
  const connectionId = textOf(context, "connectionId");
  if (connectionId === undefined) {
    return {};
  }
  const isAuthorizer = memberOf(event, "type") === "REQUEST";
  const isMessage = memberOf(context, "eventType") === "MESSAGE";
  return {
    connectionId,
    requestId: textOf(context, "requestId"),
    routeKey: isAuthorizer ? "authorizer" : textOf(context, "routeKey"),
    ...(isMessage && { message: textOf(event, "body") ?? "" }),
  };
}

/** How a function ended, as an entry: its answer, or the type of its error. */
export function resultEntry(result: InvocationResult): NewEntry {
  if (result.outcome === "returned") {
    const text = JSON.stringify(result.payload);
    const status = memberOf(result.payload, "statusCode");
    return {
      ...{ kind: "result", text, size: Buffer.byteLength(text) },
      ...(typeof status === "number" && { status, ...(status >= 400 && { failed: true }) }),
    };
  }
  const { errorType, errorMessage } = result;
  const trace = result.outcome === "failed" ? result.trace : undefined;
  const text = JSON.stringify({ errorType, errorMessage, ...(trace && { trace }) });
  return {
    ...{ kind: "result", failed: true, note: errorType, text, size: Buffer.byteLength(text) },
    problem: cutText(errorMessage, MAX_PROBLEM),
  };
}

const LEVEL =
  /^\S+\t\S+\t(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t|"level": ?"([A-Z]+)"|^\[([A-Z]+)\]\t/;

/** A line of a function's log, as an entry with its level, where it has one. */
export function logEntry(functionId: string, line: string): NewEntry {
  const [, ...levels] = LEVEL.exec(line.slice(0, 1_000)) ?? [];
  const note = levels.find((level) => level !== undefined);
  return {
    ...{ kind: "log", functionId, text: line, size: Buffer.byteLength(line) },
    ...(note !== undefined && { note }),
    ...(/^(ERROR|FATAL|CRITICAL)$/.test(note ?? "") && { failed: true }),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === "string" ? member : undefined;
}
