import type { OpenConnection } from "../../timeline/entry.ts";
import type { ListedEntry } from "../masked-entry.ts";

/** The most entries that the page keeps. */
const MAX_ENTRIES = 10_000;

/** The most closed connections that the page keeps. */
const MAX_CLOSED = 100;

/** A connection, open or not. */
export interface Connection extends OpenConnection {
  readonly state: "connecting" | "open" | "rejected" | "closed";
  /** The code that it was closed with, or the status that rejected it. */
  readonly status?: number | undefined;
}

/** Which entries show. */
export interface Filter {
  readonly connectionId?: string | undefined;
  readonly routeKey?: string | undefined;
  readonly failures: boolean;
}

/** What the page knows of the gateway. */
export class Session {
  /** The oldest first. */
  entries: ListedEntry[] = [];
  /** By id. */
  readonly connections = new Map<string, Connection>();
  readonly routes = new Set<string>();
  /** The connection and the route of a request, for the entries that have none themselves, or another one. */
  readonly #requests = new Map<string, { connectionId?: string; routeKey?: string }>();

  /** Forgets everything, but for the connections that are open. */
  clear(): void {
    this.entries = [];
    this.#requests.clear();
    for (const { connectionId, state } of this.connections.values()) {
      if (state !== "open" && state !== "connecting") {
        this.connections.delete(connectionId);
      }
    }
  }

  /** Takes the connections that are open when the page begins. */
  open(connections: readonly OpenConnection[]): void {
    for (const connection of connections) {
      this.connections.set(connection.connectionId, { ...connection, state: "open" });
    }
  }

  /** Adds entries, and returns how many of the oldest ones have gone. */
  add(entries: readonly ListedEntry[]): number {
    for (const entry of entries) {
      this.entries.push(entry);
      this.#followRequest(entry);
      this.#followConnection(entry);
    }
    const dropped = this.entries.splice(0, Math.max(0, this.entries.length - MAX_ENTRIES));
    for (const { requestId } of dropped) {
      if (requestId !== undefined && requestId !== this.entries[0]?.requestId) {
        this.#requests.delete(requestId);
      }
    }
    return dropped.length;
  }

  /** Whether an entry shows: its own connection and route count, and those of the request that it belongs to. */
  matches(entry: ListedEntry, { connectionId, routeKey, failures }: Filter): boolean {
    const request = this.#requests.get(entry.requestId ?? "");
    return (
      (!failures || entry.failed === true) &&
      (connectionId === undefined ||
        entry.connectionId === connectionId ||
        request?.connectionId === connectionId) &&
      (routeKey === undefined || entry.routeKey === routeKey || request?.routeKey === routeKey)
    );
  }

  /** The entries that belong to the same request, the oldest first. */
  related({ requestId }: ListedEntry): readonly ListedEntry[] {
    return requestId === undefined
      ? []
      : this.entries.filter((entry) => entry.requestId === requestId);
  }

  #followRequest({ kind, requestId, connectionId, routeKey }: ListedEntry): void {
    const isOwn = kind === "event" || kind === "frame in" || kind === "opened";
    if (!isOwn || requestId === undefined) {
      return;
    }
    this.#requests.set(requestId, {
      ...this.#requests.get(requestId),
      ...(connectionId !== undefined && { connectionId }),
      ...(routeKey !== undefined && { routeKey }),
    });
    if (routeKey !== undefined) {
      this.routes.add(routeKey);
    }
  }

  #followConnection({ kind, connectionId, time, status, client, routeKey }: ListedEntry): void {
    if (connectionId === undefined) {
      return;
    }
    const known = this.connections.get(connectionId);
    if (kind === "opened" && client && known?.state !== "closed") {
      this.connections.set(connectionId, {
        connectedAt: time,
        ...known,
        ...client,
        connectionId,
        state: "open",
      });
    } else if (
      kind === "event" &&
      (routeKey === "$connect" || routeKey === "authorizer") &&
      !known
    ) {
      const unknown = { stage: "", sourceIp: "" };
      this.connections.set(connectionId, {
        ...unknown,
        connectionId,
        connectedAt: time,
        state: "connecting",
      });
    } else if (known && (kind === "closed" || kind === "rejected")) {
      this.connections.set(connectionId, { ...known, state: kind, status });
      this.#forgetClosed();
    }
  }

  #forgetClosed(): void {
    const closed = [...this.connections.values()].filter(
      ({ state }) => state === "closed" || state === "rejected",
    );
    for (const { connectionId } of closed.slice(0, Math.max(0, closed.length - MAX_CLOSED))) {
      this.connections.delete(connectionId);
    }
  }
}
