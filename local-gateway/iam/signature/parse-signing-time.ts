import { formatSigningTime } from "./format-signing-time.ts";

const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** The format of the Date header, which may stand in for X-Amz-Date. */
const HTTP_FORMAT = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Reads the time of a signature, `20260715T090000Z` or `Wed, 15 Jul 2026 09:00:00 GMT`, as milliseconds since 1970.
 * Undefined for any other text, and for days and hours that do not exist.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function parseSigningTime(text: string): number | undefined {
  if (HTTP_FORMAT.test(text)) {
    return asTime(Date.parse(text));
  }
  const time = asTime(Date.parse(text.replace(BASIC_FORMAT, "$1-$2-$3T$4:$5:$6Z")));
  // Reading alone would take 24:00:00, and other formats too.
  return time !== undefined && formatSigningTime(time) === text ? time : undefined;
}

function asTime(time: number): number | undefined {
  return Number.isNaN(time) ? undefined : time;
}
