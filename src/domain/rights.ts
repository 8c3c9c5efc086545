import { parseName } from "../../protocol/name.ts";
import type { TokenVerifier } from "./ports.ts";

/** How users prove their identity, and what their tokens say of them. */
export interface Authentication {
  readonly verifier: TokenVerifier;
  /** The claim that names the user. */
  readonly userClaim: string;
  /** The claim that lists the channels that the user may join; undefined if every channel is open to everybody. */
  readonly channelsClaim: string | undefined;
}

/** What a valid token allows: its user may be in the channels `openChannels` (undefined: in all), up to `expiresAt`. */
export interface Rights {
  readonly user: string;
  readonly openChannels: readonly string[] | undefined;
  readonly expiresAt: number;
}

/**
 * Reads what a token allows: `nameless` if it is valid, but names no user, and `unauthenticated` if it is not; the reason is
 * deliberately not exposed. Rejects when the token cannot be checked.
 */
export async function readRights(
  { verifier, userClaim, channelsClaim }: Authentication,
  token: string,
): Promise<Rights | "nameless" | "unauthenticated"> {
  const outcome = await verifier.verify(token);
  if (outcome.kind !== "valid") {
    return "unauthenticated";
  }
  const { claims, expiresAt } = outcome;
  // A claim is the token's own member, never one that every object has.
  const claim = (name: string) => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  const user = parseName(claim(userClaim));
  if (user === undefined) {
    return "nameless";
  }
  const openChannels =
    channelsClaim === undefined ? undefined : listedChannels(claim(channelsClaim));
  return { user, openChannels, expiresAt };
}

/** Stands for every way in which a channel's name may go on. Only at the end of an entry it has a meaning. */
const WILDCARD = "*";

/** Whether `channel`, a name in normal form C, is one of the open channels; all are if the list is undefined. */
export function isOpen(channel: string, openChannels: readonly string[] | undefined): boolean {
  return (
    openChannels === undefined ||
    openChannels.some((entry) =>
      entry.endsWith(WILDCARD)
        ? channel.startsWith(entry.slice(0, -WILDCARD.length))
        : entry === channel,
    )
  );
}

/**
 * The channels that a claim lists, in normal form C: an array of names, or one text with names between spaces, as OAuth
 * writes scopes. An entry may end in a wildcard. An invalid name opens nothing.
 */
function listedChannels(claim: unknown): readonly string[] {
  const entries: readonly unknown[] =
    typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return entries.map(parseEntry).filter((entry) => entry !== undefined);
}

function parseEntry(entry: unknown): string | undefined {
  if (entry === WILDCARD) {
    return WILDCARD;
  }
  if (typeof entry !== "string" || !entry.endsWith(WILDCARD)) {
    return parseName(entry);
  }
  const beginning = parseName(entry.slice(0, -WILDCARD.length));
  return beginning && `${beginning}${WILDCARD}`;
}
