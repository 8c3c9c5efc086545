import { LocalGatewayError } from "../errors.ts";
import { eventJson, type InvocationResult, type LambdaFunction } from "../lambda/invocation.ts";
import type { Observation } from "../observation.ts";
import { type Check, checkValues, invalidValue, isRecord, TEXT } from "../options.ts";
import { cutText } from "../text.ts";
import {
  type ConnectOptions,
  DEFAULT_TIMEOUT,
  openClient,
  type TestClient,
  TIMEOUT,
  type WebSocketTestClient,
} from "./connect.ts";

/** An event that a function received. */
export interface ReceivedEvent {
  /** The logical id of the function. */
  readonly functionId: string;
  /** The route of a WebSocket event; undefined for any other event. */
  readonly routeKey: string | undefined;
  /** The connection of a WebSocket event; undefined for any other event. */
  readonly connectionId: string | undefined;
  /** The event itself, as the function received it. */
  readonly event: unknown;
  /** Whether the function has returned, failed, or was not run at all; `running` while none of it is known. */
  readonly outcome: "running" | InvocationResult["outcome"];
  /** Why it did not return, for example `TypeError: x is not a function`. */
  readonly problem: string | undefined;
}

/** A test's client whose connection is known. */
export type GatewayClient = TestClient & { readonly connectionId: string };

/** Which events are meant: those that agree in every member. All of them when there is no member. */
export interface EventFilter {
  readonly functionId?: string | undefined;
  readonly routeKey?: string | undefined;
  readonly connectionId?: string | undefined;
}

/** A post to a connection, by the management API. */
export interface Post {
  readonly connectionId: string;
  /** What was posted, as text. */
  readonly data: string;
  /** The answer: 200, 410 when the connection is gone, or another of API Gateway's. */
  readonly status: number;
}

/** The most items of a kind that are kept, and the most bytes of their texts. */
const MAX_ITEMS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** Characters of a problem that are kept. */
const MAX_PROBLEM = 1_000;

const EVENT_FILTER: { readonly [Name in keyof Required<EventFilter>]: Check } = {
  functionId: { takes: TEXT },
  routeKey: { takes: TEXT },
  connectionId: { takes: TEXT },
};
const POST_FILTER = { connectionId: EVENT_FILTER.connectionId };

/**
 * What a gateway did lately, for the tests that use it: the events of its functions and the posts to its connections. It
 * connects their clients, because it knows which connection is whose.
 */
export class Recording {
  readonly #events = new RecentItems<EventRecord>();
  readonly #posts = new RecentItems<Post>();
  readonly #waiting = new Set<(record: EventRecord) => void>();
  /** The connections by their clients' ports, while at least one client connects. */
  readonly #connectionIds = new Map<number | undefined, string>();
  #connecting = 0;
  readonly #clients = new Set<WebSocketTestClient>();

  /** Takes what the gateway reports, and keeps the posts. */
  observe(observation: Observation): void {
    if (observation.kind === "connected" && this.#connecting > 0) {
      this.#connectionIds.set(observation.port, observation.connectionId);
    }
    if (observation.kind === "management call" && observation.method === "POST") {
      const { connectionId, status, size, body } = observation;
      if (connectionId !== undefined && body !== undefined) {
        this.#posts.add({ connectionId, data: body, status }, size);
      }
    }
  }

  /** The same function, whose events are kept. */
  record(functionId: string, lambda: LambdaFunction): LambdaFunction {
    return {
      invoke: async (event, invocation) => {
        const json = eventJson(event);
        if (json === undefined) {
          // The function rejects it, and never receives it.
          return await lambda.invoke(event, invocation);
        }
        const record = new EventRecord(functionId, event, json);
        this.#events.add(record, record.size);
        const result = await lambda.invoke(event, { ...invocation, json });
        record.end(result);
        for (const notify of this.#waiting) {
          notify(record);
        }
        return result;
      },
    };
  }

  /** Connects a client to the gateway at `url`. Throws as {@link openClient} does. */
  async connect(url: string, options: ConnectOptions = {}): Promise<GatewayClient> {
    this.#connecting += 1;
    try {
      const { client, port } = await openClient(url, options);
      const connectionId = this.#connectionIds.get(port);
      if (connectionId === undefined) {
        throw new Error(`The gateway has no connection from port ${port}`);
      }
      this.#clients.add(client);
      void client.closed.then(() => this.#clients.delete(client));
      return Object.assign(client, { connectionId });
    } finally {
      this.#connecting -= 1;
      if (this.#connecting === 0) {
        this.#connectionIds.clear();
      }
    }
  }

  /** Lets the clients see that the gateway closes their connections, also those that have stopped reading. */
  close(): void {
    for (const client of this.#clients) {
      client.readOn();
    }
  }

  /** The events so far, in the order in which functions received them. Throws `INVALID_OPTION`. */
  events(filter: EventFilter = {}): ReceivedEvent[] {
    checkFilter("events", EVENT_FILTER, filter);
    return this.#events.items.filter((record) => agrees(record, filter)).map(toReceivedEvent);
  }

  /** The posts so far, in the order of their answers. Throws `INVALID_OPTION`. */
  posts(filter: Pick<EventFilter, "connectionId"> = {}): Post[] {
    checkFilter("posts", POST_FILTER, filter);
    return this.#posts.items.filter((post) => agrees(post, filter));
  }

  /**
   * The first event that agrees with the filter and whose function has ended; waits for it when there is none. Throws
   * `NO_EVENT` when there is none in time.
   *
   * @param timeout in milliseconds
   */
  async waitForEvent(filter: EventFilter, timeout = DEFAULT_TIMEOUT): Promise<ReceivedEvent> {
    checkFilter("waitForEvent", EVENT_FILTER, filter);
    checkValues({ timeout: TIMEOUT }, { timeout });
    const isMeant = (record: EventRecord) => record.outcome !== "running" && agrees(record, filter);
    const found = this.#events.items.find(isMeant);
    return toReceivedEvent(found ?? (await this.#wait(isMeant, filter, timeout)));
  }

  async #wait(
    isMeant: (record: EventRecord) => boolean,
    filter: EventFilter,
    timeout: number,
  ): Promise<EventRecord> {
    const { promise, resolve, reject } = Promise.withResolvers<EventRecord>();
    const notify = (record: EventRecord) => {
      if (isMeant(record)) {
        resolve(record);
      }
    };
    this.#waiting.add(notify);
    const timer = setTimeout(() => {
      const meant = JSON.stringify(filter);
      const received = this.#events.items.slice(-MAX_SHOWN).map(describe).join(", ") || "none";
      const sentence = `No function has handled an event ${meant} within ${timeout} ms. The last events: ${received}.`;
      reject(new LocalGatewayError("NO_EVENT", sentence));
    }, timeout);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(notify);
    }
  }
}

/** Events that the error of `waitForEvent` names. */
const MAX_SHOWN = 10;

function describe({ functionId, routeKey = "an invocation", outcome }: EventRecord): string {
  return `${routeKey} of ${functionId} (${outcome})`;
}

/** An event as it is kept: as JSON, so that nothing changes it afterwards. */
class EventRecord {
  readonly functionId: string;
  readonly routeKey: string | undefined;
  readonly connectionId: string | undefined;
  readonly json: string;
  outcome: ReceivedEvent["outcome"] = "running";
  problem: string | undefined;

  constructor(functionId: string, event: unknown, json: string) {
    const context = memberOf(event, "requestContext");
    this.functionId = functionId;
    this.routeKey = textOf(memberOf(context, "routeKey"));
    this.connectionId = textOf(memberOf(context, "connectionId"));
    this.json = json;
  }

  end(result: InvocationResult): void {
    this.outcome = result.outcome;
    if (result.outcome !== "returned") {
      this.problem = cutText(`${result.errorType}: ${result.errorMessage}`, MAX_PROBLEM);
    }
  }

  /** In bytes. */
  get size(): number {
    return Buffer.byteLength(this.json);
  }
}

function toReceivedEvent({ json, ...record }: EventRecord): ReceivedEvent {
  const { functionId, routeKey, connectionId, outcome, problem } = record;
  return { functionId, routeKey, connectionId, event: JSON.parse(json), outcome, problem };
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function checkFilter(name: string, table: Readonly<Record<string, Check>>, filter: unknown): void {
  if (!isRecord(filter)) {
    throw invalidValue(name, `an object with ${Object.keys(table).join(", ")}`, filter);
  }
  checkValues(table, filter);
}

function agrees(item: EventFilter, filter: EventFilter): boolean {
  return (["functionId", "routeKey", "connectionId"] as const).every(
    (name) => filter[name] === undefined || filter[name] === item[name],
  );
}

/** The last items of a kind, at most 1,000 with at most 16 MB of text. */
class RecentItems<Item> {
  readonly #items: { readonly item: Item; readonly size: number }[] = [];
  #bytes = 0;

  /** Adds an item with the size of its text in bytes, and drops the oldest ones that are too many. */
  add(item: Item, size: number): void {
    this.#items.push({ item, size });
    this.#bytes += size;
    while (this.#items.length > MAX_ITEMS || (this.#bytes > MAX_BYTES && this.#items.length > 1)) {
      this.#bytes -= this.#items.shift()?.size ?? 0;
    }
  }

  get items(): Item[] {
    return this.#items.map(({ item }) => item);
  }
}
