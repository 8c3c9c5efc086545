import type { SignatureRefusal } from "./signature-refusal.ts";

/** Makes a refusal. */
export function refuseSignature(
  errorType: SignatureRefusal["errorType"],
  message: string,
): SignatureRefusal {
  return { outcome: "refused", errorType, message };
}
