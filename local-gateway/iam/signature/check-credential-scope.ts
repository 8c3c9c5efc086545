import type { CredentialScope } from "./credential-scope.ts";
import { refuseSignature } from "./refuse-signature.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";
import type { SigningService } from "./signing-service.ts";

/** What the scope of a credential has to say. */
export interface ExpectedScope {
  readonly region: string;
  readonly service: SigningService;
  /** When the request was signed, `20260715T090000Z`. */
  readonly signedAt: string;
}

const TERMINATOR = "aws4_request";

/**
 * Refuses a credential that is good for another region, service or day. AWS names all that is wrong at once, with a
 * space behind each sentence, the last one too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export function checkCredentialScope(
  scope: CredentialScope,
  { region, service, signedAt }: ExpectedScope,
): SignatureRefusal | undefined {
  const day = signedAt.slice(0, 8);
  let message = "";
  if (scope.region !== region) {
    message += `Credential should be scoped to a valid region, not '${scope.region}'. `;
  }
  if (scope.service !== service) {
    message += `Credential should be scoped to correct service: '${service}'. `;
  }
  if (scope.terminator !== TERMINATOR) {
    message += `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${scope.terminator}'. `;
  }
  if (scope.date !== day) {
    message += `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${signedAt}'. `;
  }
  return message === "" ? undefined : refuseSignature("InvalidSignatureException", message);
}
