import { SUBSCRIBE_ACTION, UNSUBSCRIBE_ACTION } from "../protocol/requests.ts";
import type { Connection } from "./connection.ts";
import type { Connector } from "./connector.ts";
import { reconnectDelay } from "./delays.ts";
import { NOTHING_SENT, RelayError } from "./errors.ts";
import { type ChannelEvents, Emitter } from "./events.ts";
import {
  readSubscription,
  type Settings,
  type SubscribeOptions,
  type Subscription,
} from "./options.ts";
import type { Presence } from "./presence.ts";
import type { Requests } from "./requests.ts";

/** A channel in which the client wants to be. Other options make another object. */
export interface Wanted extends Subscription {
  readonly emitter: Emitter<ChannelEvents>;
  /** Loaded when it is needed: most channels have none. */
  watch?: Presence;
  /** The relay has accepted it before, or the application gave the channel to the constructor. */
  isKnown?: boolean;
  /** Its token function has failed, or too many watch the channel already: nothing waits for it. */
  isDeferred?: boolean | undefined;
}

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
        await this.#join(connection, next, urgent);
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

  /** Joins a channel, and others that are as urgent and need no token either. Rejects for what may succeed later. */
  async #join(connection: Connection, next: Wanted, urgent: readonly Wanted[]): Promise<void> {
    const { presence, token, isDeferred } = next;
    const group =
      token || isDeferred
        ? [next]
        : urgent
            .filter((it) => !it.token && it.presence === presence)
            .slice(0, connection.maxJoins);
    const value =
      typeof token === "function" ? await this.#call(() => token(next.channel), connection) : token;
    // A page loads this part when it needs it.
    const part = presence && (await import("./presence.ts"));
    if (connection.isDraining) {
      // Otherwise the message would go out on the connection that has taken over.
      return;
    }
    const request = {
      action: SUBSCRIBE_ACTION,
      channel: group.map((it) => it.channel),
      token: value ?? undefined,
      presence: presence || undefined,
    } as const;
    try {
      const { channels } = await this.#requests.ask("subscribed", request, connection);
      for (const it of group) {
        connection.joined.set(it.channel, it);
        it.isKnown = true;
        it.isDeferred = false;
        if (part && this.wanted.get(it.channel) === it) {
          it.watch ??= new part.Presence(this.#settings, it.emitter);
          void it.watch.refresh(() => this.#requests.members(it.channel, connection));
        }
      }
      if (typeof token === "function") {
        this.#connector.renewBefore(connection, channels[0]?.expiresIn);
      }
    } catch (error) {
      this.#rejected(connection, group, error as RelayError);
    }
  }

  /** Calls a token function, which may never settle. */
  #call<Result>(token: () => Result, connection: Connection): Promise<Awaited<Result>> {
    const { clock, connectTimeout } = this.#settings;
    return new Promise<Awaited<Result>>((resolve, reject) => {
      connection.pause = clock.setTimeout(reject, connectTimeout);
      Promise.resolve(token()).then(resolve, reject);
    }).finally(() => clock.clearTimeout(connection.pause));
  }

  /** Ends a subscription that the relay rejects for good, and throws what may succeed later. */
  #rejected(connection: Connection, group: readonly Wanted[], error: RelayError): void {
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
