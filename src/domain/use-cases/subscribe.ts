import type { SubscribedFrame } from "../../../protocol/frames.ts";
import { MAX_CHANNELS, MAX_WATCHED_CHANNELS } from "../../../protocol/limits.ts";
import {
  type Answer,
  answerRequest,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
} from "../answer.ts";
import { parseSubscribe, type Subscription } from "../channel-messages.ts";
import type { Connection, Membership } from "../connection.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { type Rejection, rejection } from "../errors.ts";
import type { Parts } from "../parts.ts";
import type { ChannelPosition } from "../ports.ts";
import { listChannels, notFound } from "../registrations.ts";
import { type GrantedRights, isOpen, readRights } from "../rights.ts";

/** What is known of the sender, and what a further token has opened. */
interface Sender {
  readonly connection: Connection;
  readonly memberships: readonly Membership[];
  readonly token: GrantedRights | undefined;
}

/** The connections that watch each channel. */
type Watchers = ReadonlyMap<string, readonly string[]>;

/** Where the channels stand that have a position; undefined where history is off. */
type Positions = ReadonlyMap<string, ChannelPosition> | undefined;

/** Something, or why it cannot be had. */
type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly rejection: Rejection };

/** A client joins channels: all of those that it names, or none. */
export class Subscribe implements MessageUseCase {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Joins the channels. A later message replaces what an earlier one has set for the same channel. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const parsed = parseSubscribe(input.message);
    const { id } = parsed;
    return await answerRequest(this.#parts.delivery, input, parsed, async (request, options) => {
      const joined = await this.#subscribe(request, input.connectionId, options);
      return joined.ok ? this.#answer(joined.value, id) : reject(joined.rejection, id, input);
    });
  }

  async #subscribe(
    subscription: Subscription,
    connectionId: string,
    options: DeliveryOptions,
  ): Promise<Result<Joined>> {
    const { channels, presence } = subscription;
    if (presence && this.#parts.presence.limit === 0) {
      return failed(rejection("INVALID_MESSAGE", "presenceOff"));
    }
    const token = await this.#readToken(subscription.token, options);
    if (!token.ok) {
      return token;
    }
    const found = await this.#parts.registrations.findWithMemberships(connectionId, options);
    if (found.kind !== "live") {
      return failed(notFound(found));
    }
    const sender: Sender = { ...found, token: token.value };
    const problem = this.#problemWith(subscription, sender);
    if (problem !== undefined) {
      return failed(problem);
    }
    const watchers = await this.#watchersOf(subscription, connectionId, options);
    if (!watchers.ok) {
      return watchers;
    }
    // Before the first message can reach the connection, so that none is missed between the two.
    const positions = await this.#positionsOf(channels, options);
    if (!positions.ok) {
      return positions;
    }
    const memberships = channels.map((channel) => this.#membership(channel, presence, sender));
    const before = new Map(sender.memberships.map((it) => [it.channel, it]));
    const written = await this.#join(memberships, before, options);
    return written.ok
      ? {
          ok: true,
          value: { memberships, before, watchers: watchers.value, positions: positions.value },
        }
      : written;
  }

  async #positionsOf(
    channels: readonly string[],
    options: DeliveryOptions,
  ): Promise<Result<Positions>> {
    try {
      return { ok: true, value: await this.#parts.history?.positions(channels, options) };
    } catch (failure) {
      options.onFailure(failure);
      return failed(rejection("UNAVAILABLE", "subscribe"));
    }
  }

  /** What a further token opens; undefined without one. */
  async #readToken(
    token: string | undefined,
    { onFailure }: DeliveryOptions,
  ): Promise<Result<Sender["token"]>> {
    if (token === undefined) {
      return { ok: true, value: undefined };
    }
    if (this.#parts.authentication === undefined) {
      return failed(rejection("INVALID_MESSAGE", "tokenOff"));
    }
    try {
      const rights = await readRights(this.#parts.authentication, token);
      return rights.kind === "granted"
        ? { ok: true, value: rights }
        : failed(rejection("FORBIDDEN", "token"));
    } catch (failure) {
      onFailure(failure);
      return failed(rejection("UNAVAILABLE", "subscribe"));
    }
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
    const isChecked = this.#parts.authentication?.channelsClaim !== undefined;
    return isOpen(channel, isChecked ? (openChannels ?? []) : undefined);
  }

  /** Who watches the channels now, unless the sender would be one watcher too many. */
  async #watchersOf(
    { channels, presence }: Subscription,
    connectionId: string,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<Result<Watchers>> {
    try {
      const watchers: Watchers = new Map(
        await Promise.all(
          channels.map(
            async (channel) =>
              [channel, await this.#parts.presence.watchers(channel, deadline)] as const,
          ),
        ),
      );
      const others = [...watchers.values()].map(
        (ids) => ids.filter((it) => it !== connectionId).length,
      );
      return presence && Math.max(...others) >= this.#parts.presence.limit
        ? failed(rejection("LIMIT_EXCEEDED", "watchers"))
        : { ok: true, value: watchers };
    } catch (failure) {
      onFailure(failure);
      return failed(rejection("UNAVAILABLE", "subscribe"));
    }
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
    const since = before?.since ?? this.#parts.clock();
    return { connectionId, channel, user, since, expiresAt, presence };
  }

  /**
   * Writes the memberships, and then looks for the registration again: a removal deletes that before it reads which
   * memberships there are, so one of the two sees the other.
   */
  async #join(
    memberships: readonly Membership[],
    before: ReadonlyMap<string, Membership>,
    options: DeliveryOptions,
  ): Promise<Result<undefined>> {
    const [{ connectionId } = { connectionId: "" }] = memberships;
    const added = memberships.filter(({ channel }) => !before.has(channel));
    try {
      await this.#parts.store.join(memberships, options.deadline);
    } catch (failure) {
      options.onFailure(failure);
      await this.#takeBack(added, options);
      return failed(rejection("UNAVAILABLE", "subscribe"));
    }
    const after = await this.#parts.registrations.find(connectionId, options);
    if (after.kind === "live") {
      return { ok: true, value: undefined };
    }
    // Without an answer the connection may well be there, and must stay where it was.
    await this.#takeBack(after.kind === "missing" ? memberships : added, options);
    return failed(notFound(after));
  }

  async #takeBack(
    memberships: readonly Membership[],
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<void> {
    await Promise.all(
      memberships.map(({ connectionId, channel }) =>
        this.#parts.store.leave(connectionId, channel, deadline).catch(onFailure),
      ),
    );
  }

  #answer({ memberships, before, watchers, positions }: Joined, id: string | undefined): Answer {
    const channels = listChannels(memberships, this.#parts.clock(), positions);
    const frame: Required<SubscribedFrame> = { relay: "subscribed", channels, id };
    const changed = memberships.filter((it) => before.get(it.channel)?.expiresAt !== it.expiresAt);
    const afterwards = async (options: DeliveryOptions) => {
      await Promise.all(
        changed.map(async (it) => {
          const ids = watchers.get(it.channel) ?? [];
          await this.#parts.presence.notifyWatchers(ids, "joined", it, options);
        }),
      );
    };
    return id === undefined ? { afterwards } : { text: JSON.stringify(frame), afterwards };
  }
}

/** What a `subscribe` has done: the memberships that there are now, and those that there were. */
interface Joined {
  readonly memberships: readonly Membership[];
  readonly before: ReadonlyMap<string, Membership>;
  readonly watchers: Watchers;
  readonly positions: Positions;
}

function failed(reason: Rejection): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection: reason };
}
