import { formatSigningTime } from "./format-signing-time.ts";
import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";
import type { SigningService } from "./signing-service.ts";

/**
 * How far the clock of a signer may be off, in minutes. The manual has five; DynamoDB itself speaks of fifteen.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html and
 *   https://github.com/aws/aws-sdk-js-v3/issues/3119
 */
const TOLERANCE: Readonly<Record<SigningService, number>> = {
  "execute-api": 5,
  dynamodb: 15,
  lambda: 5,
};

const MINUTE = 60_000;

/** Refuses a signature that is too old, or from the future. Times are in milliseconds since 1970. */
export function checkSigningTime(
  signedAt: number,
  now: number,
  service: SigningService,
): SignatureRefusal | undefined {
  const tolerance = TOLERANCE[service];
  // Signatures know whole seconds, and so does the answer.
  const arrival = now - (now % 1000);
  const earliest = arrival - tolerance * MINUTE;
  const latest = arrival + tolerance * MINUTE;
  if (signedAt >= earliest && signedAt <= latest) {
    return;
  }
  const [signed, arrived] = [formatSigningTime(signedAt), formatSigningTime(arrival)];
  if (signedAt < earliest) {
    return refuseSignature(
      "InvalidSignatureException",
      `Signature expired: ${signed} is now earlier than ${formatSigningTime(earliest)} (${arrived} - ${tolerance} min.)`,
    );
  }
  return refuseSignature(
    "InvalidSignatureException",
    `Signature not yet current: ${signed} is still later than ${formatSigningTime(latest)} (${arrived} + ${tolerance} min.)`,
  );
}
