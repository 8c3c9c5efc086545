import type { SubscribedFrame } from "../../../protocol/frames.ts";
import { MAX_CHANNELS, MAX_WATCHED_CHANNELS } from "../../../protocol/limits.ts";
import {
  type Answer,
  answerSender,
  type MessageContext,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "../answer.ts";
import { parseSubscribe, type Subscription } from "../channel-messages.ts";
import type { Connection, Membership } from "../connection.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { Rejection, rejection } from "../errors.ts";
import { attempt } from "../failures.ts";
import { UseCase } from "../parts.ts";
import { listChannels, type RegisteredConnection } from "../registrations.ts";
import { isOpen, type Rights, readRights } from "../rights.ts";

/** What is known of the sender, and what a further token has opened. */
interface Sender extends RegisteredConnection {
  readonly token: Rights | undefined;
}

const UNAVAILABLE = rejection("UNAVAILABLE", "subscribe");

/** A client joins channels: all of those that it names, or none. */
export class Subscribe extends UseCase implements MessageUseCase {
  /** Joins the channels. A later message replaces what an earlier one has set for the same channel. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const parsed = parseSubscribe(input.message);
    return await answerSender(this.parts.delivery, input, parsed, (subscription, context) =>
      this.#subscribe(subscription, context),
    );
  }

  async #subscribe(
    subscription: Subscription,
    context: MessageContext,
  ): Promise<Answer | Rejection> {
    const { id, connectionId } = context;
    const { registrations, history, clock } = this.parts;
    const { channels, presence } = subscription;
    if (presence && this.parts.presence.limit === 0) {
      return rejection("INVALID_MESSAGE", "presenceOff");
    }
    const token = await this.#readToken(subscription.token, context);
    if (token instanceof Rejection) {
      return token;
    }
    const found = await registrations.findWithMemberships(connectionId, context);
    if (found instanceof Rejection) {
      return found;
    }
    const sender: Sender = { ...found, token };
    const problem = this.#problemWith(subscription, sender);
    if (problem !== undefined) {
      return problem;
    }
    const watchers = await this.#watchersOf(subscription, context);
    if (watchers instanceof Rejection) {
      return watchers;
    }
    // Before the first message can reach the connection, so that none is missed between the two.
    const positions = await history?.positions(channels, context, "subscribe");
    if (positions instanceof Rejection) {
      return positions;
    }
    const memberships = channels.map((channel) => this.#membership(channel, presence, sender));
    const before = new Map(sender.memberships.map((it) => [it.channel, it]));
    const after = await this.#join(memberships, before, context);
    if (after instanceof Rejection) {
      return after;
    }
    const joined = listChannels(memberships, clock(), positions);
    const frame: Required<SubscribedFrame> = { relay: "subscribed", channels: joined, id };
    const notify = async (it: Membership, index: number, options: DeliveryOptions) => {
      if (before.get(it.channel)?.expiresAt !== it.expiresAt) {
        await this.parts.presence.notifyWatchers(watchers[index] ?? [], "joined", it, options);
      }
    };
    return {
      frame: id === undefined ? undefined : frame,
      afterwards: async (options) => {
        await Promise.all(memberships.map((it, index) => notify(it, index, options)));
      },
    };
  }

  /** What a further token opens; undefined without one. */
  async #readToken(
    token: string | undefined,
    options: DeliveryOptions,
  ): Promise<Rights | Rejection | undefined> {
    const { authentication } = this.parts;
    if (token === undefined) {
      return undefined;
    }
    if (authentication === undefined) {
      return rejection("INVALID_MESSAGE", "tokenOff");
    }
    const rights = await attempt(options, () => readRights(authentication, token), UNAVAILABLE);
    return typeof rights === "string" ? rejection("FORBIDDEN", "token") : rights;
  }

  /** Why the sender may not join the channels, if so. */
  #problemWith(
    { channels, presence }: Subscription,
    { connection, memberships, token }: Sender,
  ): Rejection | undefined {
    if (token !== undefined && token.user !== connection.user) {
      return rejection("FORBIDDEN", "token");
    }
    const isMember = (channel: string) => memberships.some((it) => it.channel === channel);
    const isAllowed = (channel: string) =>
      token === undefined
        ? this.#isOpen(channel, connection) || isMember(channel)
        : isOpen(channel, token.openChannels);
    if (!channels.every(isAllowed)) {
      return rejection("FORBIDDEN", "channel");
    }
    const others = memberships.filter(({ channel }) => !channels.includes(channel));
    if (others.length + channels.length > MAX_CHANNELS) {
      return rejection("LIMIT_EXCEEDED", "channels");
    }
    const watched = others.filter((it) => it.presence).length + channels.length;
    return presence && watched > MAX_WATCHED_CHANNELS
      ? rejection("LIMIT_EXCEEDED", "watched")
      : undefined;
  }

  /** Whether the token that opened the connection opens the channel. */
  #isOpen(channel: string, { openChannels }: Connection): boolean {
    // A registration from before the claim was configured opens nothing.
    const isChecked = this.parts.authentication?.channelsClaim !== undefined;
    return isOpen(channel, isChecked ? (openChannels ?? []) : undefined);
  }

  /** Who watches each of the channels now, unless the sender would be one watcher too many. */
  async #watchersOf(
    { channels, presence }: Subscription,
    context: MessageContext,
  ): Promise<readonly (readonly string[])[] | Rejection> {
    const read = () =>
      Promise.all(channels.map((it) => this.parts.presence.watchers(it, context.deadline)));
    const found = await attempt(context, read, UNAVAILABLE);
    if (found instanceof Rejection || !presence) {
      return found;
    }
    const others = found.map((ids) => ids.filter((it) => it !== context.connectionId).length);
    return Math.max(...others) >= this.parts.presence.limit
      ? rejection("LIMIT_EXCEEDED", "watchers")
      : found;
  }

  /** The membership that the sender will have. It keeps the `since` of one that has not ended. */
  #membership(
    channel: string,
    presence: boolean,
    { connection, memberships, token }: Sender,
  ): Membership {
    const { connectionId, user } = connection;
    const before = memberships.find((it) => it.channel === channel);
    const expiresAt =
      token !== undefined
        ? Math.min(token.expiresAt, connection.expiresAt)
        : this.#isOpen(channel, connection)
          ? connection.expiresAt
          : (before?.expiresAt ?? 0);
    const since = before?.since ?? this.parts.clock();
    return { connectionId, channel, user, since, expiresAt, presence };
  }

  /**
   * Writes the memberships, and then looks for the registration again: a removal deletes that before it reads which
   * memberships there are, so one of the two sees the other.
   */
  async #join(
    memberships: readonly Membership[],
    before: ReadonlyMap<string, Membership>,
    context: MessageContext,
  ): Promise<Connection | Rejection> {
    const { store, registrations } = this.parts;
    const { connectionId, deadline } = context;
    const join = () => store.join(memberships, deadline);
    const written = await attempt(context, join, UNAVAILABLE);
    const after = written ?? (await registrations.find(connectionId, context));
    if (after instanceof Rejection) {
      // Without an answer the connection may well be there, and must stay where it was.
      const isMissing = after.code === "NOT_REGISTERED";
      const left = memberships.filter(({ channel }) => isMissing || !before.has(channel));
      const leave = ({ channel }: Membership) => store.leave(connectionId, channel, deadline);
      await Promise.all(left.map((it) => leave(it).catch(context.onFailure)));
      return isMissing ? after : UNAVAILABLE;
    }
    return after;
  }
}
