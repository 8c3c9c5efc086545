import { REGISTRATION_LIFETIME } from "../../../protocol/limits.ts";
import { parseName } from "../../../protocol/name.ts";
import type { Connection } from "../connection.ts";
import type { Clock, ConnectionStore, TokenVerifier } from "../ports.ts";

/** Which clients may connect. */
export interface ConnectionPolicy {
  /** The origins of the web pages that may; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove their identity; undefined if they need not. */
  readonly authentication: Authentication | undefined;
}

/** How users prove their identity, and what their tokens say of them. */
interface Authentication {
  readonly verifier: TokenVerifier;
  /** The claim that names the user. */
  readonly userClaim: string;
  /** The claim that lists the channels that the user may join; undefined if every channel is open to everybody. */
  readonly channelsClaim: string | undefined;
}

/**
 * What became of an attempt to connect.
 *
 * - `connected`: registered.
 * - `badName`: the user or the channel is not a valid name.
 * - `unauthenticated`: there is no valid token. The reason is deliberately not exposed.
 * - `nameless`: the token is valid, but names no user. To the client it is the same as any other invalid token.
 * - `forbidden`: the token, or the page's origin, does not allow it.
 */
export interface ConnectOutcome {
  readonly kind: "connected" | "badName" | "unauthenticated" | "nameless" | "forbidden";
}

/** A client connects: the relay registers it, or rejects it. */
export class Connect {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;
  readonly #policy: ConnectionPolicy;

  constructor(store: ConnectionStore, clock: Clock, policy: ConnectionPolicy) {
    this.#store = store;
    this.#clock = clock;
    this.#policy = policy;
  }

  /**
   * Registers the connection, if the policy accepts it, with the names that the client gives to its user and its
   * channel; where users prove their identity, the user is the token's. `origin` is that of the web page that connects;
   * other programs have none. Rejects, with nothing registered, if the store fails or the token cannot be checked.
   */
  async execute(input: {
    readonly connectionId: string;
    readonly user?: unknown;
    readonly channel?: unknown;
    readonly token?: string | undefined;
    readonly origin?: string | undefined;
  }): Promise<ConnectOutcome> {
    const { allowedOrigins, authentication } = this.#policy;
    const { connectionId, origin } = input;
    if (origin !== undefined && allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) {
      return { kind: "forbidden" };
    }
    const channel = parseName(input.channel);
    if (input.channel !== undefined && channel === undefined) {
      return { kind: "badName" };
    }
    if (authentication !== undefined) {
      const token = await authenticate(authentication, input.token, channel);
      return token.kind === "authenticated"
        ? this.#register({ connectionId, user: token.user, channel }, token.expiresAt)
        : token;
    }
    const user = parseName(input.user);
    if (input.user !== undefined && user === undefined) {
      return { kind: "badName" };
    }
    return this.#register({ connectionId, user, channel });
  }

  /** Registers the connection for its usual time, or until `latest` (milliseconds since 1970) if that is earlier. */
  async #register(
    connection: Required<Omit<Connection, "registeredAt" | "expiresAt">>,
    latest = Number.POSITIVE_INFINITY,
  ): Promise<ConnectOutcome> {
    const registeredAt = this.#clock();
    const expiresAt = Math.min(registeredAt + REGISTRATION_LIFETIME, latest);
    try {
      await this.#store.add({ ...connection, registeredAt, expiresAt });
    } catch (failure) {
      // A write without an answer may have been made, and this connection will not come to be.
      await this.#store.remove(connection.connectionId).catch(() => undefined);
      throw failure;
    }
    return { kind: "connected" };
  }
}

/** The user that the token names and its end, or why it does not open this channel, or anything. */
async function authenticate(
  { verifier, userClaim, channelsClaim }: Authentication,
  token: string | undefined,
  channel: string | undefined,
): Promise<
  | { readonly kind: "authenticated"; readonly user: string; readonly expiresAt: number }
  | { readonly kind: "unauthenticated" | "nameless" | "forbidden" }
> {
  const outcome = token === undefined ? undefined : await verifier.verify(token);
  if (outcome?.kind !== "valid") {
    return { kind: "unauthenticated" };
  }
  const { claims, expiresAt } = outcome;
  // A claim is the token's own member, never one that every object has.
  const claim = (name: string) => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  const user = parseName(claim(userClaim));
  if (user === undefined) {
    return { kind: "nameless" };
  }
  const isOpen =
    channel === undefined ||
    channelsClaim === undefined ||
    listedChannels(claim(channelsClaim)).includes(channel);
  return isOpen ? { kind: "authenticated", user, expiresAt } : { kind: "forbidden" };
}

/** The channels that a claim lists: an array of names, or one text with names between spaces, as OAuth writes scopes. */
function listedChannels(claim: unknown): readonly string[] {
  const names: readonly unknown[] =
    typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return names.map(parseName).filter((name) => name !== undefined);
}
