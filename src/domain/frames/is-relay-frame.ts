/**
 * Whether a receiver could take `data` for a frame of the relay itself: a JSON object with a member of its own called
 * `relay`, or a text that parses as one. Such data is never forwarded raw, so no client can forge a relay frame.
 */
export function isRelayFrame(data: unknown): boolean {
  return hasRelayMember(typeof data === "string" ? parsed(data) : data);
}

function hasRelayMember(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, "relay")
  );
}

function parsed(text: string): unknown {
  try {
    // JSON.parse refuses a byte order mark, but a receiver's decoder may drop it first.
    return JSON.parse(text.replace(/^\uFEFF+/, ""));
  } catch {
    return undefined;
  }
}
