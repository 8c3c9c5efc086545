import { REGISTRATION_LIFETIME } from "../../../protocol/limits.ts";
import { NAME_RULE, parseName } from "../../../protocol/name.ts";
import type { Clock, ConnectionStore, TokenVerifier } from "../ports.ts";

/** Who may connect. */
export interface Admission {
  /** The origins of the web pages that may; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove who they are; undefined if they need not. */
  readonly authentication: Authentication | undefined;
}

/** How users prove who they are, and what their tokens say of them. */
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
 * - `connected`: registered; `text` is the greeting.
 * - `badName`: the name of the user or of the channel is none; `text` says what a name is.
 * - `unauthenticated`: there is no valid token, and why is not told.
 * - `nameless`: the token is valid, but names no user. To the client it is the same as any other rejected token.
 * - `forbidden`: the token, or the page that asks, does not allow it.
 */
export interface ConnectOutcome {
  readonly kind: "connected" | "badName" | "unauthenticated" | "nameless" | "forbidden";
  readonly text: string;
}

const BAD_NAME: ConnectOutcome = {
  kind: "badName",
  text: `A name has ${NAME_RULE}.`,
};
const UNAUTHENTICATED: ConnectOutcome = { kind: "unauthenticated", text: "Unauthorized" };
const FORBIDDEN: ConnectOutcome = { kind: "forbidden", text: "Forbidden" };

/** A client connects: the relay lets it in and registers it, or not. */
export class Connect {
  readonly #store: ConnectionStore;
  readonly #clock: Clock;
  readonly #admission: Admission;

  constructor(store: ConnectionStore, clock: Clock, admission: Admission) {
    this.#store = store;
    this.#clock = clock;
    this.#admission = admission;
  }

  /**
   * Lets the connection in, if it may, and registers it. `user` and `channel` are what the client asks for, absent or
   * of any value; `token` and `origin` are what it and its browser show. Where users prove who they are, the user is
   * who the token says, and the registration ends no later than the token. Rejects, with nothing registered, if the store fails or a token cannot be checked.
   */
  async execute(input: {
    readonly connectionId: string;
    readonly user?: unknown;
    readonly channel?: unknown;
    readonly token?: string | undefined;
    readonly origin?: string | undefined;
  }): Promise<ConnectOutcome> {
    const { allowedOrigins, authentication } = this.#admission;
    const { connectionId, origin } = input;
    if (origin !== undefined && allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) {
      return FORBIDDEN;
    }
    const channel = parseName(input.channel);
    if (input.channel !== undefined && channel === undefined) {
      return BAD_NAME;
    }
    if (authentication !== undefined) {
      const proven = await authenticate(authentication, input.token, channel);
      return "kind" in proven ? proven : this.#register({ connectionId, channel, ...proven });
    }
    const user = parseName(input.user);
    if (input.user !== undefined && user === undefined) {
      return BAD_NAME;
    }
    return this.#register({ connectionId, user, channel });
  }

  async #register({
    endsAt = Number.POSITIVE_INFINITY,
    ...names
  }: {
    readonly connectionId: string;
    readonly user: string | undefined;
    readonly channel: string | undefined;
    /** When the registration ends at the latest, in seconds since 1970. */
    readonly endsAt?: number;
  }): Promise<ConnectOutcome> {
    const registeredAt = this.#clock();
    // DynamoDB's time to live knows whole seconds only.
    const expiresAt = Math.floor(Math.min((registeredAt + REGISTRATION_LIFETIME) / 1000, endsAt));
    try {
      await this.#store.add({ ...names, registeredAt, expiresAt });
    } catch (failure) {
      // A write that was never answered may have been made, and this connection will not come to be.
      await this.#store.remove(names.connectionId).catch(() => undefined);
      throw failure;
    }
    return { kind: "connected", text: "Connected! Hello WebSocket App!" };
  }
}

/** The user that the token names and its end, or why it opens nothing: not for this channel, or not at all. */
async function authenticate(
  { verifier, userClaim, channelsClaim }: Authentication,
  token: string | undefined,
  channel: string | undefined,
): Promise<{ readonly user: string; readonly endsAt: number } | ConnectOutcome> {
  const claims = token === undefined ? undefined : await verifier.verify(token);
  if (claims === undefined) {
    return UNAUTHENTICATED;
  }
  // A claim is the token's own member, never one that every object has.
  const claim = (name: string) => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  const user = parseName(claim(userClaim));
  if (user === undefined) {
    return { ...UNAUTHENTICATED, kind: "nameless" };
  }
  const isOpen =
    channel === undefined ||
    channelsClaim === undefined ||
    listedChannels(claim(channelsClaim)).includes(channel);
  return isOpen ? { user, endsAt: claims.exp } : FORBIDDEN;
}

/** The channels that a claim lists: an array of names, or one text with names between spaces, as OAuth writes scopes. */
function listedChannels(claim: unknown): readonly string[] {
  const names: readonly unknown[] =
    typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return names.map(parseName).filter((name) => name !== undefined);
}
