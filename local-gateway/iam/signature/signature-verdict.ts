import type { SignatureRefusal } from "./signature-refusal.ts";

/** What became of verifying a signature: the owner of the access key id has signed this very request, or not. */
export type SignatureVerdict =
  | { readonly outcome: "verified"; readonly accessKeyId: string }
  | SignatureRefusal;
