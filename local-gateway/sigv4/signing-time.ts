import { reject, type SignatureRejection, type SigningService } from "./claim.ts";

/**
 * How far the clock of a signer may be off, in minutes. The manual says five; DynamoDB's own error says fifteen.
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

const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** The format of the Date header, which may replace X-Amz-Date. */
const HTTP_FORMAT = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Reads when a request was signed, from `20260715T090000Z` or `Wed, 15 Jul 2026 09:00:00 GMT`, and checks that this is
 * neither too long before nor too long after its arrival. The result is in the first of the two formats.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function readSigningTime(
  date: string,
  arrivedAt: Date,
  service: SigningService,
): { readonly ok: true; readonly signedAt: string } | SignatureRejection {
  const time = parse(date);
  if (time === undefined) {
    return reject(
      "IncompleteSignatureException",
      `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const signedAt = format(time);
  const tolerance = TOLERANCE[service];
  // Signatures have whole seconds, and so does the error.
  const arrival = arrivedAt.getTime() - (arrivedAt.getTime() % 1000);
  const earliest = arrival - tolerance * MINUTE;
  const latest = arrival + tolerance * MINUTE;
  if (time < earliest) {
    return reject(
      "InvalidSignatureException",
      `Signature expired: ${signedAt} is now earlier than ${format(earliest)} (${format(arrival)} - ${tolerance} min.)`,
    );
  }
  if (time > latest) {
    return reject(
      "InvalidSignatureException",
      `Signature not yet current: ${signedAt} is still later than ${format(latest)} (${format(arrival)} + ${tolerance} min.)`,
    );
  }
  return { ok: true, signedAt };
}

/** In milliseconds since 1970; undefined for any other format, and for days and hours that do not exist. */
function parse(date: string): number | undefined {
  if (HTTP_FORMAT.test(date)) {
    return numberOrUndefined(Date.parse(date));
  }
  const time = numberOrUndefined(Date.parse(date.replace(BASIC_FORMAT, "$1-$2-$3T$4:$5:$6Z")));
  // `Date.parse` alone would accept 24:00:00, and other formats too.
  return time !== undefined && format(time) === date ? time : undefined;
}

function numberOrUndefined(time: number): number | undefined {
  return Number.isNaN(time) ? undefined : time;
}

/** From milliseconds since 1970 to `20260715T090000Z`, without the milliseconds. */
function format(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}
