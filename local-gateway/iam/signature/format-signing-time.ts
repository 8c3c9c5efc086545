/**
 * Writes a time, in milliseconds since 1970, as signatures do: `20260715T090000Z`. Milliseconds are dropped.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function formatSigningTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}
