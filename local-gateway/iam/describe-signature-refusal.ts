import { printable } from "../printable.ts";
import type { SignatureRejection } from "../sigv4/claim.ts";

/** What a caller wrote may be part of a message; this many characters of it are enough for a line. */
const MAX_LENGTH = 240;

/**
 * Why a request counts as not signed, in one line for the person at this machine. What an incomplete signature consists
 * of is left out: AWS's own words repeat the whole header.
 */
export function describeSignatureRefusal({ errorType, message }: SignatureRejection): string {
  switch (errorType) {
    case "MissingAuthenticationTokenException":
      return "the request is not signed; functions sign with their own credentials, you with local / local";
    case "IncompleteSignatureException":
      return "the signature is incomplete";
    case "UnrecognizedClientException":
      return "nobody here has these credentials; functions have their own, you have local / local";
    case "InvalidSignatureException":
      return printable(message).slice(0, MAX_LENGTH).trim();
  }
}
