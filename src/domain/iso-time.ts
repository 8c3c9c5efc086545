/** `time`, in milliseconds since 1970, as ISO 8601 writes it in UTC. */
export function isoTime(time: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: this writes a time that it is given, and asks for none.
  return new Date(time).toISOString();
}
