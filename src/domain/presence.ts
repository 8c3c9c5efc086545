import type { PresenceFrame } from "../../protocol/frames.ts";
import { expiresIn, isLive, type Membership } from "./connection.ts";
import type { Delivery, DeliveryOptions } from "./delivery.ts";
import type { Clock, ConnectionStore } from "./ports.ts";

/** The time that notifying of one connection, in all its channels, may take, in milliseconds. */
const PRESENCE_TIME = 3000;
/** How often a presence frame is tried: frames may be lost, and watchers ask for the members now and then. */
const TRIES = 2;

/** Notifies those who asked of who comes to a channel and who goes. */
export class Presence {
  /** How many connections of one channel may ask; 0 if none may, and then nothing is ever read. */
  readonly limit: number;
  readonly #store: ConnectionStore;
  readonly #delivery: Delivery;
  readonly #clock: Clock;
  /** Ends when all posts so far have ended. Those of many memberships at once would leave nothing else a socket. */
  #last: Promise<unknown> = Promise.resolve();

  /** `delivery` must not notify anybody of those whom it finds gone: that could go on without an end. */
  constructor(store: ConnectionStore, delivery: Delivery, clock: Clock, limit: number) {
    this.#store = store;
    this.#delivery = delivery;
    this.#clock = clock;
    this.limit = limit;
  }

  /**
   * The ids of the live watchers of a channel, in one query, up to the limit: those who ask at the same time may pass it. None
   * where presence is off. Rejects if the store fails.
   */
  async watchers(channel: string, deadline: number): Promise<readonly string[]> {
    if (this.limit === 0) {
      return [];
    }
    const watchers = await this.#store.findWatchers(channel, deadline);
    return watchers
      .filter((watcher) => isLive(watcher, this.#clock()))
      .slice(0, this.limit)
      .map(({ connectionId }) => connectionId);
  }

  /** Notifies the watchers of each membership's channel. Never rejects: failures go to `onFailure`. */
  async notify(
    event: PresenceFrame["event"],
    memberships: readonly Membership[],
    options: DeliveryOptions,
  ): Promise<void> {
    if (this.limit === 0) {
      return;
    }
    const deadline = Math.min(options.deadline, this.#clock() + PRESENCE_TIME);
    await Promise.all(
      memberships.map(async (membership) => {
        try {
          const watchers = await this.watchers(membership.channel, deadline);
          await this.notifyWatchers(watchers, event, membership, { ...options, deadline });
        } catch (failure) {
          options.onFailure(failure);
        }
      }),
    );
  }

  /**
   * Notifies these watchers of one membership, after those of the memberships before it, if there is time; never the
   * connection that it is about. Never rejects.
   */
  async notifyWatchers(
    watchers: readonly string[],
    event: PresenceFrame["event"],
    membership: Membership,
    options: DeliveryOptions,
  ): Promise<void> {
    const { connectionId, channel, user, since } = membership;
    const now = this.#clock();
    const frame: Required<PresenceFrame> = {
      relay: "presence",
      channel,
      event,
      connectionId,
      user,
      since,
      expiresIn: expiresIn(membership, now),
    };
    const others = watchers.filter((watcher) => watcher !== connectionId);
    const deadline = Math.min(options.deadline, now + PRESENCE_TIME);
    const text = JSON.stringify(frame);
    const turn = this.#last.then(async () => {
      if (this.#clock() < deadline) {
        const limits = { ...options, deadline, tries: TRIES };
        await this.#delivery.deliverToAll(others, text, limits, () => {});
      }
    });
    // Nothing that has gone wrong may stop all those who come after it.
    this.#last = turn.catch(() => undefined);
    await turn;
  }
}
