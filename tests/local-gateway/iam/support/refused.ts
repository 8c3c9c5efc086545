import type { SignatureRefusal } from "../../../../local-gateway/iam/signature/signature-refusal.ts";

/** The refusal that a test expects. */
export function refused(
  errorType: SignatureRefusal["errorType"],
  message: string,
): SignatureRefusal {
  return { outcome: "refused", errorType, message };
}
