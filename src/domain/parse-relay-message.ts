import { isRelayFrame } from "./frames/is-relay-frame.ts";
import { isConnectionId } from "./is-connection-id.ts";
import { isMessageId } from "./is-message-id.ts";
import { jsonText } from "./json-text.ts";
import { membersOf } from "./members-of.ts";
import { parseTarget } from "./parse-target.ts";
import type { RelayMessage } from "./relay-message.ts";

/**
 * Reads a message that a client sent to `sendMessageRoute`. `value` is the parsed JSON, whatever it holds; what is
 * wrong with it is in the result, nothing throws.
 */
export function parseRelayMessage(value: unknown): RelayMessage {
  const members = membersOf<"id" | "forward" | "data">(value);
  if (members === undefined) {
    return { kind: "invalid", id: undefined, reason: "The message must be a JSON object." };
  }
  const { id, forward, data } = members;
  if (id !== undefined && !isMessageId(id)) {
    return {
      kind: "invalid",
      id: undefined,
      reason: '"id" must be a string of 1 to 128 characters.',
    };
  }
  if (forward === undefined || forward === null) {
    return { kind: "whoAmI", id };
  }
  return typeof forward === "string"
    ? parseForward(id, forward, data)
    : parseEnvelope(id, forward, data);
}

const NO_DATA = '"data" is missing: a message with "forward" needs it, and null is allowed.';

function parseForward(id: string | undefined, forward: string, data: unknown): RelayMessage {
  const invalid = (reason: string): RelayMessage => ({ kind: "invalid", id, reason });
  if (!isConnectionId(forward)) {
    return invalid(
      '"forward" must be a connection id: a string of 1 to 128 letters, digits, "_", "-" and "=".',
    );
  }
  if (data === undefined) {
    return invalid(NO_DATA);
  }
  if (isRelayFrame(data)) {
    return invalid('"data" must not have a member "relay": only the relay itself sends those.');
  }
  const text = typeof data === "string" ? data : jsonText(data);
  if (text === undefined) {
    return invalid('"data" is nested too deeply.');
  }
  return { kind: "forward", id, to: forward, text };
}

function parseEnvelope(id: string | undefined, forward: unknown, data: unknown): RelayMessage {
  const invalid = (reason: string): RelayMessage => ({ kind: "invalid", id, reason });
  if (membersOf(forward) === undefined) {
    return invalid(
      '"forward" must be a connection id, or an object with one member: "connection", "user" or "channel".',
    );
  }
  const parsed = parseTarget(forward);
  if ("reason" in parsed) {
    return invalid(`"forward" ${parsed.reason}`);
  }
  if (data === undefined) {
    return invalid(NO_DATA);
  }
  return { kind: "envelope", id, to: parsed.target, data };
}
