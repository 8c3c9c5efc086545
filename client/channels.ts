import { UNSUBSCRIBE_ACTION } from "../protocol/requests.ts";
import type { Connection } from "./connection.ts";
import type { Connector } from "./connector.ts";
import { reconnectDelay } from "./delays.ts";
import { NOTHING_SENT, RelayError } from "./errors.ts";
import { type ChannelEvents, Emitter } from "./events.ts";
import type { Wanted } from "./joining.ts";
import { readSubscription, type Settings, type SubscribeOptions } from "./options.ts";
import type { Requests } from "./requests.ts";

/**
 * The channels that a client wants to be in. On each of its connections messages join and leave channels, one after the
 * other, until the relay has confirmed what is wanted.
 */
export class Channels {
  readonly wanted = new Map<unknown, Wanted>();
  readonly #settings: Settings;
  readonly #requests: Requests;
  readonly #connector: Connector;

  constructor(settings: Settings, requests: Requests, connector: Connector) {
    this.#settings = settings;
    this.#requests = requests;
    this.#connector = connector;
    for (const name of settings.channels) {
      this.subscribe(name).isKnown = true;
    }
  }

  /** Joins a channel, or joins it anew when there are options. Throws a RelayError for invalid ones. */
  subscribe(name: string, options?: SubscribeOptions): Wanted {
    const subscription = readSubscription(name, options);
    const { channel } = subscription;
    const before = this.wanted.get(channel);
    if (before && !options) {
      return before;
    }
    const emitter = before?.emitter ?? new Emitter<ChannelEvents>();
    const wanted: Wanted = { ...subscription, emitter };
    before?.watch?.stop();
    this.wanted.set(channel, wanted);
    this.#syncAll();
    return wanted;
  }

  /** Leaves a channel for good. */
  leave(channel: unknown, reason: string, cause?: unknown): void {
    const wanted = this.wanted.get(channel);
    if (wanted) {
      this.wanted.delete(channel);
      wanted.watch?.stop();
      this.#syncAll();
      wanted.emitter.emit("closed", { reason, cause });
    }
  }

  #syncAll(): void {
    for (const connection of this.#connector.connections) {
      void this.sync(connection);
    }
  }

  /** Sends the next message, if the relay knows the connection. An old one stays as it is. */
  async sync(connection: Connection, failures = 0): Promise<void> {
    const { joined } = connection;
    const { clock } = this.#settings;
    if (!connection.connectionId || connection.isDraining) {
      return;
    }
    const wanted = [...this.wanted.values()];
    for (const { channel } of wanted) {
      // Messages to the channel wait.
      joined.set(channel, joined.get(channel));
    }
    if (connection.isBusy) {
      return;
    }
    clock.clearTimeout(connection.pause);
    const missing = wanted.filter((it) => joined.get(it.channel) !== it);
    const urgent = missing.filter((it) => !it.isDeferred);
    if (!urgent[0]) {
      this.#connector.ready(connection);
    }
    this.#requests.flush();
    const [next = missing[0]] = urgent;
    const left = [...joined.keys()].find((it) => !this.wanted.has(it));
    if (!next && !left) {
      return;
    }
    connection.isBusy = true;
    let delay: number | undefined;
    try {
      if (left) {
        const request = { action: UNSUBSCRIBE_ACTION, channel: left } as const;
        await this.#requests.ask("unsubscribed", request, connection);
        joined.delete(left);
      } else if (next) {
        // A page loads this part when it needs it.
        const part = await import("./joining.ts");
        await part.join({
          settings: this.#settings,
          requests: this.#requests,
          connector: this.#connector,
          wanted: this.wanted,
          connection,
          next,
          urgent,
          reject: (group, error) => this.#reject(connection, group, error),
        });
      }
    } catch (error) {
      if (next) {
        next.isDeferred = !(error instanceof RelayError) || NOTHING_SENT[error.code];
      }
      delay = reconnectDelay(failures, this.#settings);
    }
    connection.isBusy = false;
    if (delay === undefined) {
      void this.sync(connection);
    } else if (!connection.isDraining) {
      connection.pause = clock.setTimeout(() => this.sync(connection, failures + 1), delay);
    }
  }

  /** Ends a subscription that the relay rejects for good, and throws what may succeed later. */
  #reject(connection: Connection, group: readonly Wanted[], error: RelayError): void {
    const [wanted] = group as [Wanted];
    const { code, message } = error;
    // Our own previous connection may still count as a watcher.
    if (!NOTHING_SENT[code] || (code === "LIMIT_EXCEEDED" && wanted.isKnown)) {
      throw error;
    }
    if (group.length > 1) {
      // One of them is at fault.
      connection.maxJoins = 1;
    } else if (this.wanted.get(wanted.channel) === wanted) {
      this.leave(wanted.channel, message, error);
    }
  }
}
