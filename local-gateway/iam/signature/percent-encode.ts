/**
 * Writes one character of a request target as its byte: `=` as `%3D`. Node reads request targets byte by byte, so no
 * character is more than one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
