import { isRelayFrame, type Target } from "../../protocol/frames.ts";
import { MAX_MESSAGE_ID_LENGTH } from "../../protocol/limits.ts";
import { NAME_RULE, parseName } from "../../protocol/name.ts";
import type { SendMessageRequest } from "../../protocol/requests.ts";
import { isConnectionId } from "./connection.ts";
import type { Rejection } from "./errors.ts";

/**
 * A parsed `sendMessageRoute` message.
 *
 * - `whoAmI`: the sender asks for its own connection id, with `positions` also for where its channels stand.
 * - `forward`: `text` is for the connection `to`, as it is.
 * - `envelope`: `data`, any JSON value, is for the target `to`, in an envelope that says who sent it; `keep` says whether it
 *   belongs into the history of a channel.
 * - `invalid`: `reason` is a sentence that names the member at fault and what is allowed.
 *
 * `id` is the sender's own name for the message, if it gave a valid one.
 */
export type RelayMessage = { readonly id: string | undefined } & (
  | { readonly kind: "whoAmI"; readonly positions: boolean }
  | { readonly kind: "forward"; readonly to: string; readonly text: string }
  | {
      readonly kind: "envelope";
      readonly to: Target;
      readonly data: unknown;
      readonly keep: boolean;
    }
  | { readonly kind: "invalid"; readonly reason: string }
);

const INVALID_KEEP = '"keep" must be true or false.';
const INVALID_ID = `"id" must be a string of 1 to ${MAX_MESSAGE_ID_LENGTH} characters.`;
const NO_DATA = '"data" is missing: a message with "forward" needs it, and null is allowed.';

/**
 * Reads a message that a client sent to `sendMessageRoute`. `value` is the parsed JSON, whatever it holds; what is
 * invalid about it is in the result. Never throws.
 */
export function parseRelayMessage(value: unknown): RelayMessage {
  const members = membersOf<keyof SendMessageRequest>(value);
  if (members === undefined) {
    return { kind: "invalid", id: undefined, reason: "The message must be a JSON object." };
  }
  const { id, forward, data } = members;
  if (id !== undefined && !isMessageId(id)) {
    return { kind: "invalid", id: undefined, reason: INVALID_ID };
  }
  if (forward === undefined || forward === null) {
    return { kind: "whoAmI", id, positions: members.positions === true };
  }
  return typeof forward === "string"
    ? parseForward(id, forward, data)
    : parseEnvelope(id, forward, data, members.keep);
}

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

function parseEnvelope(
  id: string | undefined,
  forward: unknown,
  data: unknown,
  keep: unknown = true,
): RelayMessage {
  const invalid = (reason: string): RelayMessage => ({ kind: "invalid", id, reason });
  if (membersOf(forward) === undefined) {
    return invalid(
      '"forward" must be a connection id, or an object with one member: "connection", "user" or "channel".',
    );
  }
  const parsed = parseTarget(forward);
  if (parsed.kind === "invalid") {
    return invalid(`"forward" ${parsed.reason}`);
  }
  if (data === undefined) {
    return invalid(NO_DATA);
  }
  return typeof keep === "boolean"
    ? { kind: "envelope", id, to: parsed.target, data, keep }
    : invalid(INVALID_KEEP);
}

/** What a message asks for, or why it cannot be understood. `id` is the sender's own name for it, if it gave a valid one. */
export type Parsed<Request> = { readonly id: string | undefined } & (
  | { readonly kind: "request"; readonly request: Request }
  | { readonly kind: "invalid"; readonly rejection: Rejection }
);

/** Reads an object's members, and returns the request or the sentence about what is invalid. */
type ReadMembers<Name extends string, Request> = (
  members: {
    readonly [Member in Name]?: unknown;
  },
) => Request | Rejection | string;

/** What a backend asks to publish: `data`, any JSON value, is for the target `to`. */
interface Publication {
  /** The service that publishes. */
  readonly from: string | undefined;
  /** By which receivers recognise a message that the backend repeats. */
  readonly messageId: string | undefined;
  readonly to: Target;
  readonly data: unknown;
  /** Whether it belongs into the history of a channel. */
  readonly keep: boolean;
}

/** Reads what a backend asks to publish. */
export function parsePublication(value: unknown): Parsed<Publication> {
  type Name = "to" | "data" | "id" | "from" | "messageId" | "keep";
  return parseRequest<Name, Publication>(value, '"publish"', (members) => {
    const { to, data, messageId, keep = true } = members;
    if (messageId !== undefined && !isMessageId(messageId)) {
      return INVALID_ID.replace("id", "messageId");
    }
    const from = parseName(members.from);
    if (members.from !== undefined && from === undefined) {
      return `"from" must be a name: ${NAME_RULE}.`;
    }
    const parsed = parseTarget(to);
    if (parsed.kind === "invalid") {
      return `"to" ${parsed.reason}`;
    }
    if (data === undefined) {
      return '"data" is missing, and null is allowed.';
    }
    return typeof keep === "boolean"
      ? { from, messageId, to: parsed.target, data, keep }
      : INVALID_KEEP;
  });
}

/** Reads what every message has, and the rest by `read`. `what` is the subject of the sentence about anything else. */
export function parseRequest<Name extends string, Request extends object>(
  value: unknown,
  what: string,
  read: ReadMembers<Name | "id", Request>,
): Parsed<Request> {
  const members = membersOf<Name | "id">(value);
  const given: unknown = members?.id;
  const id = isMessageId(given) ? given : undefined;
  const found =
    members === undefined
      ? `${what} must be a JSON object.`
      : given !== undefined && id === undefined
        ? INVALID_ID
        : read(members);
  if (typeof found === "string") {
    return { kind: "invalid", id, rejection: { code: "INVALID_MESSAGE", message: found } };
  }
  return "code" in found
    ? { kind: "invalid", id, rejection: found }
    : { kind: "request", id, request: found };
}

/**
 * Reads a target from a client's or a backend's JSON. The `reason` why it is invalid goes after the name of the member
 * that has it.
 */
export function parseTarget(
  value: unknown,
):
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "invalid"; readonly reason: string } {
  const invalid = (reason: string) => ({ kind: "invalid", reason }) as const;
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const [name, address] = members[0] ?? [];
  if (members.length !== 1) {
    return invalid('must have exactly one member: "connection", "user" or "channel".');
  }
  if (name === "connection") {
    return isConnectionId(address)
      ? { kind: "target", target: { connection: address } }
      : invalid('has a "connection" that is not a valid connection id.');
  }
  if (name !== "user" && name !== "channel") {
    return invalid('must have one of the members "connection", "user" and "channel".');
  }
  const parsed = parseName(address);
  if (parsed === undefined) {
    return invalid(`has a "${name}" that is not a valid name: ${NAME_RULE}.`);
  }
  return { kind: "target", target: name === "user" ? { user: parsed } : { channel: parsed } };
}

/** Whether `value` can be a sender's own name for a message: a text of 1 to 128 characters. */
export function isMessageId(value: unknown): value is string {
  if (typeof value !== "string" || value === "") {
    return false;
  }
  // A code point is one or two units long: this spares counting them in a very long id.
  return value.length <= 2 * MAX_MESSAGE_ID_LENGTH && [...value].length <= MAX_MESSAGE_ID_LENGTH;
}

/** `value` as an object to read members from; undefined for anything but a JSON object. */
export function membersOf<Name extends string>(
  value: unknown,
): { readonly [Member in Name]?: unknown } | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value : undefined;
}

/** `value` as JSON; undefined if it is nested so deeply that writing it would overflow the stack. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.stringify recurses into nesting that JSON.parse, which does not, has read without trouble.
    return undefined;
  }
}
