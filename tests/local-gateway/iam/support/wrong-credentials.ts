import { TEMPORARY } from "../../sigv4/create-verifier.ts";
import type { SignedFetchOptions } from "../../support/signed-fetch.ts";

const { sessionToken: _, ...withoutToken } = TEMPORARY;

/** Invalid credentials, and the error with which every signed API answers each of them. */
export const WRONG_CREDENTIALS: [string, string, SignedFetchOptions][] = [
  [
    "an unknown access key id",
    "UnrecognizedClientException",
    { credentials: { accessKeyId: "AKIAQWERTYUIOPASDFGH", secretAccessKey: "local" } },
  ],
  [
    "another secret",
    "InvalidSignatureException",
    { credentials: { accessKeyId: "local", secretAccessKey: "global" } },
  ],
  [
    "temporary credentials without their token",
    "UnrecognizedClientException",
    { credentials: withoutToken },
  ],
];
