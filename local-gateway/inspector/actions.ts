import { QUOTAS } from "../api-gateway/quotas.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import type { Entry, OpenConnection } from "../timeline/entry.ts";
import type { EntryStore } from "../timeline/entry-store.ts";
import { resultEntry } from "../timeline/function-entry.ts";
import { openedEntry } from "./masked-entry.ts";

/** What the inspector can do with the gateway. Those that return a boolean say whether the connection can be reached. */
export interface InspectedGateway {
  readonly connections: () => readonly OpenConnection[];
  /** Handles a text as if the client of the connection had sent it. */
  readonly receive: (connectionId: string, text: string) => boolean;
  /** Begins to close a connection. */
  readonly close: (connectionId: string, code: number, reason: string) => boolean;
  /** Runs a function with an event, which is that of the entry `rerunOf`. */
  readonly rerun: (
    functionId: string,
    event: unknown,
    rerunOf: number,
  ) => Promise<InvocationResult>;
}

/** An answer to the page; `problem` is one sentence. */
export type ActionAnswer =
  | { readonly status: 200; readonly body: object; readonly fileName?: string }
  | { readonly status: 400 | 404 | 410; readonly problem: string };

const DONE: ActionAnswer = { status: 200, body: {} };
const GONE: ActionAnswer = { status: 410, problem: "The connection is closed, or closing." };

/** The entry with an id from a path. */
function findEntry(entries: EntryStore, id: string): Entry | undefined {
  return /^\d{1,15}$/.test(id) ? entries.get(Number(id)) : undefined;
}

const NOT_THERE: ActionAnswer = {
  status: 404,
  problem: "There is no such entry any more: only the last ones are kept.",
};

/** An entry with its content and, for an event, with what the function has written. */
export function openEntry(entries: EntryStore, id: string, bodies: boolean): ActionAnswer {
  const entry = findEntry(entries, id);
  if (!entry) {
    return NOT_THERE;
  }
  const lines = [...entries.after(0)]
    .filter(({ kind, eventId }) => kind === "log" && eventId === (entry.eventId ?? entry.id))
    .map((line) => openedEntry(line, bodies));
  const isInvocation = entry.kind === "event" || entry.kind === "result";
  return {
    status: 200,
    body: { ...openedEntry(entry, bodies), lines: isInvocation ? lines : [] },
  };
}

/** The event of an entry as a file for `events/`, which `sam local invoke` takes. */
export function exportFixture(entries: EntryStore, id: string): ActionAnswer {
  const event = eventOf(entries, id);
  if (!event.ok) {
    return event.answer;
  }
  const { routeKey = "event" } = event.entry;
  const name = routeKey.replaceAll(/[^\w-]+/g, "") || "event";
  return { status: 200, body: event.event, fileName: `${name}.json` };
}

/** Runs the event of an entry again, on today's code, and gives what it answered. */
export async function rerunEntry(
  entries: EntryStore,
  id: string,
  { gateway, bodies }: { readonly gateway: InspectedGateway; readonly bodies: boolean },
): Promise<ActionAnswer> {
  const event = eventOf(entries, id);
  if (!event.ok) {
    return event.answer;
  }
  const { id: rerunOf, functionId } = event.entry;
  const begin = performance.now();
  const result = resultEntry(await gateway.rerun(functionId, event.event, rerunOf));
  const duration = performance.now() - begin;
  const entry = { id: rerunOf, time: Date.now(), functionId, ...result, duration };
  return { status: 200, body: openedEntry(entry, bodies) };
}

type FoundEvent =
  | {
      readonly ok: true;
      readonly entry: Entry & { readonly functionId: string };
      readonly event: object;
    }
  | { readonly ok: false; readonly answer: ActionAnswer };

function eventOf(entries: EntryStore, id: string): FoundEvent {
  const entry = findEntry(entries, id);
  if (!entry) {
    return { ok: false, answer: NOT_THERE };
  }
  const { kind, functionId, text } = entry;
  if (kind !== "event" || functionId === undefined || text === undefined) {
    return { ok: false, answer: { status: 400, problem: "This entry is not an event." } };
  }
  return { ok: true, entry: { ...entry, functionId }, event: JSON.parse(text) };
}

/** Sends a frame as the client of a connection. `body` is what the page posts. */
export function sendFrame(
  gateway: InspectedGateway,
  connectionId: string,
  body: unknown,
): ActionAnswer {
  const text = memberOf(body, "text");
  if (typeof text !== "string") {
    return { status: 400, problem: "A frame needs a text." };
  }
  if (Buffer.byteLength(text) > QUOTAS.messageSize) {
    return { status: 400, problem: "A frame has at most 128 KB." };
  }
  return gateway.receive(connectionId, text) ? DONE : GONE;
}

/** Bytes of a close reason, as the WebSocket protocol limits them. */
const MAX_REASON = 123;

/** Closes a connection with a code and a reason, which `body` may have. */
export function closeConnection(
  gateway: InspectedGateway,
  connectionId: string,
  body: unknown,
): ActionAnswer {
  const code = memberOf(body, "code") ?? 1000;
  const reason = memberOf(body, "reason") ?? "";
  if (typeof code !== "number" || !isCloseCode(code)) {
    return {
      status: 400,
      problem: "A close code is 1000 to 1003, 1007 to 1014, or 3000 to 4999.",
    };
  }
  if (typeof reason !== "string" || Buffer.byteLength(reason) > MAX_REASON) {
    return { status: 400, problem: "A reason is a text of at most 123 bytes." };
  }
  return gateway.close(connectionId, code, reason) ? DONE : GONE;
}

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
function isCloseCode(code: number): boolean {
  const isOfProtocol = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
  return Number.isInteger(code) && (isOfProtocol || (code >= 3000 && code <= 4999));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
