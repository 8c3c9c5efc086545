import type { TokenVerifier } from "./ports/token-verifier.ts";

/** Who may connect. */
export interface Admission {
  /** The origins of the web pages that may; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove who they are; undefined if they need not. */
  readonly authentication: Authentication | undefined;
}

/** How users prove who they are, and what their tokens say of them. */
export interface Authentication {
  readonly verifier: TokenVerifier;
  /** The claim that names the user. */
  readonly userClaim: string;
  /** The claim that lists the channels that the user may join; undefined if every channel is open to everybody. */
  readonly channelsClaim: string | undefined;
}
