import { isWrite } from "../invoke/describe.ts";
import type { Entry } from "../timeline/entry.ts";

/** An entry with an event of a function. */
type EventEntry = Entry & { readonly functionId: string; readonly text: string };

/** An event of a recording, with what the function did then. */
export interface RecordedEvent {
  readonly entry: EventEntry;
  /** Absent when the function had not ended when the recording did. */
  readonly result: Entry | undefined;
  /** The calls of the management API, also those of functions that this one has invoked. */
  readonly posts: readonly Entry[];
  /** The calls that write to DynamoDB, also those of functions that this one has invoked. */
  readonly writes: readonly Entry[];
}

/** What is done again: a function runs with an event, or somebody else than a function writes to DynamoDB. */
type RecordedStep =
  | { readonly kind: "event"; readonly event: RecordedEvent }
  | { readonly kind: "write"; readonly operation: string; readonly body: string };

/** The steps of a recording, in the order in which they began. Events that a function has asked for are part of its own. */
export function recordedSteps(entries: readonly Entry[]): readonly RecordedStep[] {
  const events = new Map(entries.filter(isEvent).map((entry) => [entry.id, entry]));
  const rootOf = (id: number | undefined): number | undefined => {
    const causedBy = events.get(id ?? 0)?.causedBy;
    // An event that is earlier than its cause is nobody's: a file may say anything.
    const isKnown = causedBy !== undefined && causedBy < (id ?? 0) && events.has(causedBy);
    return isKnown ? rootOf(causedBy) : id;
  };
  const results = new Map(
    entries.filter(({ kind }) => kind === "result").map((entry) => [entry.eventId, entry]),
  );
  const posts = Map.groupBy(entries.filter(isPost), ({ eventId }) => rootOf(eventId));
  const writes = Map.groupBy(entries.filter(isDone), ({ eventId }) => rootOf(eventId));
  return entries.flatMap((entry): RecordedStep[] => {
    if (isEvent(entry) && rootOf(entry.id) === entry.id) {
      const { id } = entry;
      const did = { posts: posts.get(id) ?? [], writes: writes.get(id) ?? [] };
      return [{ kind: "event", event: { entry, result: results.get(id), ...did } }];
    }
    const { eventId, text = "", status } = entry;
    return isDone(entry) && eventId === undefined && status === 200
      ? [{ kind: "write", operation: operationOf(entry), body: text }]
      : [];
  });
}

function isEvent(entry: Entry): entry is EventEntry {
  return entry.kind === "event" && entry.functionId !== undefined && entry.text !== undefined;
}

/** Not those that were rejected before anything about the connection counted. */
function isPost({ kind, problem }: Entry): boolean {
  return kind === "post" && problem === undefined;
}

function isDone(entry: Entry): boolean {
  return entry.kind === "database" && entry.text !== undefined && isWrite(operationOf(entry));
}

/** The operation of a database call, whose name may have a table, too. */
export function operationOf({ name = "" }: Entry): string {
  return name.split(" ", 1)[0] ?? "";
}

/** The connections of a recording. */
export class RecordedConnections {
  readonly #opened: ReadonlyMap<string | undefined, Entry>;
  readonly #closed: ReadonlyMap<string | undefined, Entry>;

  constructor(entries: readonly Entry[]) {
    const byConnection = (wanted: Entry["kind"]) =>
      new Map(
        entries.filter(({ kind }) => kind === wanted).map((entry) => [entry.connectionId, entry]),
      );
    this.#opened = byConnection("opened");
    this.#closed = byConnection("closed");
  }

  /** The entry with the beginning of a connection that was open at the time of another entry; undefined otherwise. */
  openAt(connectionId: string, entryId: number): Entry | undefined {
    const opened = this.#opened.get(connectionId);
    const closed = this.#closed.get(connectionId)?.id ?? Number.POSITIVE_INFINITY;
    return opened !== undefined && opened.id < entryId && entryId < closed ? opened : undefined;
  }
}
