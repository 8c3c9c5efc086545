import { randomBytes } from "node:crypto";
import type { Credentials } from "./credentials.ts";

/** Access key ids are written in base 32. */
const ACCESS_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Makes credentials that nobody else knows. They have the form of AWS's temporary ones: an access key id of 20
 * characters that begins with ASIA, a secret of 40.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function createCredentials(): Credentials {
  let accessKeyId = "ASIA";
  for (const byte of randomBytes(16)) {
    accessKeyId += ACCESS_KEY_ALPHABET[byte % ACCESS_KEY_ALPHABET.length];
  }
  return {
    accessKeyId,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(96).toString("base64"),
  };
}
