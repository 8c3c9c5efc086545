import { TEMPORARY } from "../../sigv4/create-verifier.ts";
import type { SignedFetchOptions } from "../../support/signed-fetch.ts";

const { sessionToken: _, ...withoutToken } = TEMPORARY;

/** Credentials that open no door, and the error that each of them brings at every door. */
export const WRONG_CREDENTIALS: [string, string, SignedFetchOptions][] = [
  [
    "an access key id that nobody has",
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
