import { MAX_CHANNELS_AT_CONNECT, REGISTRATION_LIFETIME } from "../../../protocol/limits.ts";
import { parseName } from "../../../protocol/name.ts";
import type { Connection, Membership } from "../connection.ts";
import { collectFailures } from "../failures.ts";
import { UseCase } from "../parts.ts";
import { isOpen, type Rights, readRights } from "../rights.ts";

/**
 * What became of an attempt to connect.
 *
 * - `connected`: registered. `failures` is what went wrong afterwards, for the log.
 * - `badName`: the user or a channel is not a valid name.
 * - `tooManyChannels`: the URL names more channels than it may.
 * - `unauthenticated`: there is no valid token. The reason is deliberately not exposed.
 * - `nameless`: the token is valid, but names no user. To the client it is the same as any other invalid token.
 * - `forbidden`: the token, or the page's origin, does not allow it.
 */
export type ConnectOutcome =
  | { readonly kind: "connected"; readonly failures: readonly unknown[] }
  | {
      readonly kind: "badName" | "tooManyChannels" | "unauthenticated" | "nameless" | "forbidden";
    };

/** A client that wants to connect, as it describes itself. */
interface ConnectInput {
  readonly connectionId: string;
  readonly user?: unknown;
  readonly channels?: readonly unknown[];
  readonly token?: string | undefined;
  /** That of the web page that connects; other programs have none. */
  readonly origin?: string | undefined;
  /** When the invocation must be over, in milliseconds since 1970. */
  readonly deadline: number;
}

/** What the client's own words, or its token, make of it. */
type Identity = Omit<Rights, "user"> & { readonly user: string | undefined };

/** A client connects: the relay registers it, or rejects it. */
export class Connect extends UseCase {
  /**
   * Registers the connection, if it is accepted, with the names that the client gives to its user and its
   * channels; where users prove their identity, the user is the token's. Rejects, with nothing registered, if the store
   * fails or the token cannot be checked.
   */
  async execute(input: ConnectInput): Promise<ConnectOutcome> {
    const { allowedOrigins } = this.parts;
    const { origin } = input;
    if (origin !== undefined && allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) {
      return { kind: "forbidden" };
    }
    const listed = input.channels ?? [];
    if (listed.length > MAX_CHANNELS_AT_CONNECT) {
      return { kind: "tooManyChannels" };
    }
    const names = listed.map(parseName).filter((name) => name !== undefined);
    if (names.length < listed.length) {
      return { kind: "badName" };
    }
    const channels = [...new Set(names)];
    const identity = await this.#identify(input);
    if ("kind" in identity) {
      return identity;
    }
    if (!channels.every((channel) => isOpen(channel, identity.openChannels))) {
      return { kind: "forbidden" };
    }
    return this.#register(input, identity, channels);
  }

  async #identify(
    input: ConnectInput,
  ): Promise<Identity | { readonly kind: "badName" | "unauthenticated" | "nameless" }> {
    const { authentication } = this.parts;
    if (authentication === undefined) {
      const user = parseName(input.user);
      return input.user !== undefined && user === undefined
        ? { kind: "badName" }
        : { user, openChannels: undefined, expiresAt: Number.POSITIVE_INFINITY };
    }
    const { token } = input;
    const rights =
      token === undefined ? "unauthenticated" : await readRights(authentication, token);
    return typeof rights === "string" ? { kind: rights } : rights;
  }

  /** Registers the connection for its usual time, or up to the end of its token if that is earlier. */
  async #register(
    { connectionId, deadline }: ConnectInput,
    { user, openChannels, expiresAt: latest }: Identity,
    channels: readonly string[],
  ): Promise<ConnectOutcome> {
    const now = this.parts.clock();
    const expiresAt = Math.min(now + REGISTRATION_LIFETIME, latest);
    const connection: Required<Connection> = {
      connectionId,
      user,
      openChannels,
      registeredAt: now,
      expiresAt,
    };
    const membership = { connectionId, user, since: now, expiresAt, presence: false };
    const memberships = channels.map(
      (channel): Required<Membership> => ({ ...membership, channel }),
    );
    try {
      await this.parts.store.add(connection, memberships);
    } catch (failure) {
      // A write without an answer may have been made, and this connection will not come to be.
      await this.parts.store.remove(connectionId).catch(() => undefined);
      throw failure;
    }
    const { failures, onFailure } = collectFailures();
    await this.parts.presence.notify("joined", memberships, { deadline, onFailure });
    return { kind: "connected", failures };
  }
}
