import type { PresenceFrame } from "../../protocol/frames.ts";
import { expiresIn, isLive, type Membership } from "./connection.ts";
import { Delivery, type DeliveryOptions, type DeliveryPorts } from "./delivery.ts";
import { attempt } from "./failures.ts";

/** The time that notifying of one connection, in all its channels, may take, in milliseconds. */
const PRESENCE_TIME = 3000;
/** How often a presence frame is tried: frames may be lost, and watchers ask for the members now and then. */
const TRIES = 2;

/** Notifies those who asked of who comes to a channel and who goes. */
export class Presence {
  /** How many connections of one channel may ask; 0 if none may, and then nothing is ever read. */
  readonly limit: number;
  readonly #ports: DeliveryPorts;
  readonly #delivery: Delivery;
  /** Ends when all posts so far have ended. Those of many memberships at once would leave nothing else a socket. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: DeliveryPorts, limit: number) {
    this.#ports = ports;
    // Whom a presence frame finds gone is removed in silence: to notify others of that could go on without an end.
    this.#delivery = new Delivery(ports);
    this.limit = limit;
  }

  /**
  /**
   * Removes a connection with its memberships, and notifies those who asked that it has left its channels; an unknown one is
   * no error. Rejects if the store fails.
   */
  async removeConnection(connectionId: string, options: DeliveryOptions): Promise<void> {
    const memberships = await this.#ports.store.remove(connectionId, options.deadline);
    // Watchers drop by themselves what has expired.
    const ended = memberships.filter((it) => isLive(it, this.#ports.clock()));
    await this.notify("left", ended, options);
  }

  /**
   * The ids of the live watchers of a channel, in one query, up to the limit: those who ask at the same time may pass it. None
   * where presence is off. Rejects if the store fails.
   */
  async watchers(channel: string, deadline: number): Promise<readonly string[]> {
    if (this.limit === 0) {
      return [];
    }
    const watchers = await this.#ports.store.findWatchers(channel, deadline);
    return watchers
      .filter((watcher) => isLive(watcher, this.#ports.clock()))
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
    const deadline = Math.min(options.deadline, this.#ports.clock() + PRESENCE_TIME);
    await Promise.all(
      memberships.map(async (membership) => {
        const read = () => this.watchers(membership.channel, deadline);
        const watchers = await attempt(options, read, []);
        await this.notifyWatchers(watchers, event, membership, { ...options, deadline });
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
    const now = this.#ports.clock();
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
      if (this.#ports.clock() < deadline) {
        const limits = { ...options, deadline, tries: TRIES };
        await this.#delivery.deliverToAll(others, text, limits, () => {});
      }
    });
    // Nothing that has gone wrong may stop all those who come after it.
    this.#last = turn.catch(() => undefined);
    await turn;
  }
}
