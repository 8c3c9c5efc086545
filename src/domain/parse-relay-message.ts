import { isRelayFrame } from "./frames/is-relay-frame.ts";
import { isConnectionId } from "./is-connection-id.ts";
import type { RelayMessage } from "./relay-message.ts";

const LONGEST_ID = 128;

/**
 * Reads a message that a client sent to `sendMessageRoute`. `value` is the parsed JSON, whatever it holds; what is
 * wrong with it is in the result, nothing throws.
 */
export function parseRelayMessage(value: unknown): RelayMessage {
  const members = membersOf(value);
  if (members === undefined) {
    return { kind: "invalid", id: undefined, reason: "The message must be a JSON object." };
  }
  if (members.id !== undefined && !isMessageId(members.id)) {
    return {
      kind: "invalid",
      id: undefined,
      reason: `"id" must be a string of 1 to ${LONGEST_ID} characters.`,
    };
  }
  if (members.forward === undefined || members.forward === null) {
    return { kind: "whoAmI", id: members.id };
  }
  return parseForward(members.id, members.forward, members.data);
}

function parseForward(id: string | undefined, forward: unknown, data: unknown): RelayMessage {
  const invalid = (reason: string): RelayMessage => ({ kind: "invalid", id, reason });
  if (!isConnectionId(forward)) {
    return invalid(
      '"forward" must be a connection id: a string of 1 to 128 letters, digits, "_", "-" and "=".',
    );
  }
  if (data === undefined) {
    return invalid('"data" is missing: a message with "forward" needs it, and null is allowed.');
  }
  if (isRelayFrame(data)) {
    return invalid('"data" must not have a member "relay": only the relay itself sends those.');
  }
  const text = asText(data);
  if (text === undefined) {
    return invalid('"data" is nested too deeply.');
  }
  return { kind: "forward", id, to: forward, text };
}

/** The message as an object to read from; undefined for anything but a JSON object. */
function membersOf(
  value: unknown,
): { readonly id?: unknown; readonly forward?: unknown; readonly data?: unknown } | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value : undefined;
}

function isMessageId(id: unknown): id is string {
  if (typeof id !== "string" || id === "") {
    return false;
  }
  // A code point is one or two units long: this spares counting them in a very long id.
  return id.length <= 2 * LONGEST_ID && [...id].length <= LONGEST_ID;
}

/** Strings stay as they are; anything else becomes JSON. Undefined if that would overflow the stack. */
function asText(data: unknown): string | undefined {
  try {
    return typeof data === "string" ? data : JSON.stringify(data);
  } catch {
    // JSON.stringify recurses into nesting that JSON.parse, which does not, has read without trouble.
    return undefined;
  }
}
