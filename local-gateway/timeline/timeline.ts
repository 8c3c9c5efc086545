import { randomUUID } from "node:crypto";
import type { DynamoDbAnswer } from "../dynamodb/requests.ts";
import type { DynamoDbCall } from "../iam/dynamodb-access.ts";
import { createTraceHeader } from "../ids.ts";
import { eventJson, type LambdaFunction } from "../lambda/invocation.ts";
import type { Observation } from "../observation.ts";
import type { Entry } from "./entry.ts";
import { EntryStore } from "./entry-store.ts";
import { type EventContext, eventContext, logEntry, resultEntry } from "./function-entry.ts";
import { type NewEntry, observedEntry } from "./observed-entry.ts";

/** The invocation that something belongs to. */
interface Link {
  /** The entry with the event. */
  readonly eventId: number;
  readonly functionId: string;
  readonly requestId: string;
  readonly connectionId: string | undefined;
}

/** Who reads a timeline. */
interface TimelineReaders {
  readonly inspector?: boolean | undefined;
  readonly record?: string | undefined;
}

/** Invocations that are remembered, because calls and log lines may come when they have ended. */
const MAX_LINKS = 4_000;

/**
 * Everything that happens, in one sequence: connections, frames, events and results, posts, database calls, log lines and
 * faults. What belongs together has one request id. A call of an SDK says in its trace header which invocation it is from.
 */
export class Timeline {
  readonly entries = new EntryStore();
  readonly #listeners = new Set<(entry: Entry) => void>();
  /** By the request ids of Lambda and by trace ids, the oldest first. */
  readonly #links = new Map<string, Link>();
  /** The messages under way whose frames are in the timeline, by their request ids. */
  readonly #arrived = new Set<string>();
  readonly #active: boolean;

  /** Takes nothing, and costs nothing, when there is neither an inspector nor a file to record to. */
  constructor({ inspector = false, record }: TimelineReaders) {
    this.#active = inspector || record !== undefined;
  }

  /** Notifies `listener` of each further entry; the result ends that. */
  subscribe(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes what the gateway reports. */
  observe(observation: Observation): void {
    if (!this.#active) {
      return;
    }
    if (observation.kind === "message") {
      this.#addFrame(observation);
      this.#arrived.delete(observation.requestId);
    }
    const entry = observedEntry(observation);
    if (entry) {
      const traceId = "traceId" in observation ? observation.traceId : undefined;
      this.#add({ ...this.#callerOf(traceId), ...entry });
    }
  }

  /**
   * The same function, whose events and results are entries.
   *
   * @param rerunOf the entry with an event that is run again
   */
  record(functionId: string, lambda: LambdaFunction, rerunOf?: number): LambdaFunction {
    if (!this.#active) {
      return lambda;
    }
    return {
      invoke: async (event, invocation = {}) => {
        const json = invocation.json ?? eventJson(event);
        if (json === undefined) {
          // The function rejects it, and never receives it.
          return await lambda.invoke(event, invocation);
        }
        const { requestId = randomUUID(), traceId = createTraceHeader(), calledIn } = invocation;
        const context = eventContext(event);
        if (rerunOf === undefined) {
          this.#addFrame(messageOf(context));
        }
        const about = {
          functionId,
          requestId: context.requestId ?? requestId,
          connectionId: context.connectionId,
          routeKey: context.routeKey,
        };
        const size = Buffer.byteLength(json);
        const causedBy = this.#callerOf(calledIn).eventId;
        const begin = performance.now();
        const eventId = this.#add({
          ...{ kind: "event", ...about, size, text: json },
          ...(causedBy !== undefined && { causedBy }),
          ...(rerunOf !== undefined && { rerunOf }),
        });
        const { routeKey: _routeKey, ...ids } = about;
        this.#link(requestId, { ...ids, eventId });
        this.#link(rootOf(traceId), { ...ids, eventId });
        const result = await lambda.invoke(event, { ...invocation, json, requestId, traceId });
        const duration = performance.now() - begin;
        this.#add({ ...about, eventId, ...resultEntry(result), duration });
        return result;
      },
    };
  }

  /** Takes a line that a function has written. `requestId` is Lambda's. */
  logLine(functionId: string, line: string, requestId: string | undefined): void {
    if (this.#active) {
      this.#add({ ...this.#links.get(requestId ?? ""), ...logEntry(functionId, line) });
    }
  }

  /** Takes a call of DynamoDB that was answered. */
  databaseCall({ operation, body }: DynamoDbCall, answer: DynamoDbAnswer): void {
    if (!this.#active) {
      return;
    }
    const { status, duration, traceId } = answer;
    const table = typeof body === "object" && body !== null && Reflect.get(body, "TableName");
    const text = body === undefined ? undefined : JSON.stringify(body);
    this.#add({
      ...{ kind: "database", ...this.#callerOf(traceId), status, duration },
      name: typeof table === "string" ? `${operation} ${table}` : operation,
      ...(text !== undefined && { text, size: Buffer.byteLength(text) }),
      ...(status >= 400 && { failed: true }),
    });
  }

  /** The frame of a message, once: when its event begins or, when it reaches no function, with its outcome. */
  #addFrame(message: Message | undefined): void {
    if (message === undefined || this.#arrived.has(message.requestId)) {
      return;
    }
    const { connectionId, requestId, routeKey, body = "" } = message;
    this.#arrived.add(requestId);
    const size = Buffer.byteLength(body);
    this.#add({ kind: "frame in", connectionId, requestId, routeKey, size, text: body });
  }

  #callerOf(traceId: string | undefined): Partial<Link> {
    return traceId === undefined ? {} : { ...this.#links.get(rootOf(traceId)) };
  }

  #link(id: string, link: Link): void {
    this.#links.set(id, link);
    for (const oldest of this.#links.keys()) {
      if (this.#links.size <= MAX_LINKS) {
        return;
      }
      this.#links.delete(oldest);
    }
  }

  /** Returns the entry's id. */
  #add(entry: NewEntry): number {
    const { duration } = entry;
    const added = {
      ...{ id: this.entries.lastId + 1, time: Date.now(), ...entry },
      ...(duration !== undefined && { duration: Math.round(duration * 10) / 10 }),
    };
    this.entries.add(added);
    for (const notify of this.#listeners) {
      notify(added);
    }
    return added.id;
  }
}

/** A message of a client. */
interface Message {
  readonly connectionId: string;
  readonly requestId: string;
  readonly routeKey?: string | undefined;
  readonly body?: string | undefined;
}

function messageOf({ connectionId, requestId, routeKey, message }: EventContext) {
  return connectionId === undefined || requestId === undefined || message === undefined
    ? undefined
    : { connectionId, requestId, routeKey, body: message };
}

/** The part of a trace header that all calls of an invocation have in common. */
function rootOf(traceHeader: string): string {
  return /Root=([^;]+)/.exec(traceHeader)?.[1] ?? "";
}
