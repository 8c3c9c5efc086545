import type { Connection } from "./connection.ts";
import type { Connector } from "./connector.ts";
import type { RelayError } from "./errors.ts";
import type { ChannelEvents, Emitter } from "./events.ts";
import type { Settings, Subscription } from "./options.ts";
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
 * What is to be joined on a connection: the next channel, and others that are as urgent. The parts of the client come from
 * the caller, so that a page's build can make a file of its own of this one.
 */
interface Joining {
  readonly settings: Settings;
  readonly requests: Requests;
  readonly connector: Connector;
  readonly wanted: ReadonlyMap<unknown, Wanted>;
  readonly connection: Connection;
  readonly next: Wanted;
  readonly urgent: readonly Wanted[];
  /** Is called when the relay rejects the channels; throws what may succeed later. */
  reject(group: readonly Wanted[], error: RelayError): void;
}

/** Joins a channel with a message, and others that need no token either. Rejects for what may succeed later. */
export async function join(joining: Joining): Promise<void> {
  const { settings, requests, connection, next } = joining;
  if (connection.isDraining) {
    // It has ended while this part was loaded.
    return;
  }
  const { presence, token, isDeferred } = next;
  const group =
    token || isDeferred
      ? [next]
      : joining.urgent
          .filter((it) => !it.token && it.presence === presence)
          .slice(0, connection.maxJoins);
  const value =
    typeof token === "function"
      ? await call(() => token(next.channel), connection, settings)
      : token;
  const part = presence && (await import("./presence.ts"));
  if (connection.isDraining) {
    // Otherwise the message would go out on the connection that has taken over.
    return;
  }
  const request = {
    action: "subscribe",
    channel: group.map((it) => it.channel),
    token: value ?? undefined,
    presence: presence || undefined,
  } as const;
  try {
    const answer = await requests.ask("subscribed", request, connection);
    for (const it of group) {
      connection.joined.set(it.channel, it);
      it.isKnown = true;
      it.isDeferred = false;
      if (part && joining.wanted.get(it.channel) === it) {
        it.watch ??= new part.Presence(settings, it.emitter);
        void it.watch.refresh(() => requests.members(it.channel, connection));
      }
    }
    if (typeof token === "function") {
      joining.connector.renewBefore(connection, answer.channels[0]?.expiresIn);
    }
  } catch (error) {
    joining.reject(group, error as RelayError);
  }
}

/** Calls a token function, which may never settle. */
function call<Result>(
  token: () => Result,
  connection: Connection,
  { clock, connectTimeout }: Settings,
): Promise<Awaited<Result>> {
  return new Promise<Awaited<Result>>((resolve, reject) => {
    connection.pause = clock.setTimeout(reject, connectTimeout);
    Promise.resolve(token()).then(resolve, reject);
  }).finally(() => clock.clearTimeout(connection.pause));
}
