import { isRelayFrame, type Target } from "../../protocol/frames.ts";
import { MAX_MESSAGE_ID_LENGTH } from "../../protocol/limits.ts";
import { NAME_RULE, parseName } from "../../protocol/name.ts";
import type { SendMessageRequest } from "../../protocol/requests.ts";
import { isConnectionId } from "./connection.ts";
import { Rejection } from "./errors.ts";

/** What a message asks for, or why it cannot be understood. `id` is the sender's own name for it, if it gave a valid one. */
export interface Parsed<Request> {
  readonly id: string | undefined;
  readonly request: Request | Rejection;
}

/**
 * What a client asks for with `sendMessageRoute`.
 *
 * - `whoAmI`: the sender asks for its own connection id, with `positions` also for where its channels stand.
 * - `forward`: `text` is for the connection `to`, as it is.
 * - `envelope`: `data`, any JSON value, is for the target `to`, in an envelope that says who sent it; `keep` says whether it
 *   belongs into the history of a channel.
 */
export type RelayMessage =
  | { readonly kind: "whoAmI"; readonly positions: boolean }
  | { readonly kind: "forward"; readonly to: string; readonly text: string }
  | ({ readonly kind: "envelope" } & EnvelopeContent);

const INVALID_ID = `"id" must be a string of 1 to ${MAX_MESSAGE_ID_LENGTH} characters.`;

/**
 * Reads a message that a client sent to `sendMessageRoute`. `value` is the parsed JSON, whatever it holds; what is
 * invalid about it is in the result. Never throws.
 */
export function parseRelayMessage(value: unknown): Parsed<RelayMessage> {
  return parseRequest<keyof SendMessageRequest, RelayMessage>(value, "The message", (members) => {
    const { forward, data, keep, positions } = members;
    if (forward === undefined || forward === null) {
      return { kind: "whoAmI", positions: positions === true };
    }
    return typeof forward === "string"
      ? parseForward(forward, data)
      : parseEnvelope(forward, data, keep);
  });
}

function parseForward(forward: string, data: unknown): RelayMessage | string {
  if (!isConnectionId(forward)) {
    return '"forward" must be a connection id: a string of 1 to 128 letters, digits, "_", "-" and "=".';
  }
  if (data === undefined) {
    return noData("forward");
  }
  if (isRelayFrame(data)) {
    return '"data" must not have a member "relay": only the relay itself sends those.';
  }
  const text = typeof data === "string" ? data : jsonText(data);
  return text === undefined
    ? '"data" is nested too deeply.'
    : { kind: "forward", to: forward, text };
}

function parseEnvelope(forward: unknown, data: unknown, keep: unknown): RelayMessage | string {
  if (membersOf(forward) === undefined) {
    return '"forward" must be a connection id, or an object with one member: "connection", "user" or "channel".';
  }
  const content = parseContent("forward", forward, data, keep);
  return typeof content === "string" ? content : { kind: "envelope", ...content };
}

/** What an envelope is made of: `data`, any JSON value, for the target `to`. */
interface EnvelopeContent {
  readonly to: Target;
  readonly data: unknown;
  /** Whether it belongs into the history of a channel. */
  readonly keep: boolean;
}

/** Reads it from a message that has its target as `member`, or returns the sentence about what is invalid. */
function parseContent(
  member: string,
  target: unknown,
  data: unknown,
  keep: unknown = true,
): EnvelopeContent | string {
  const to = parseTarget(target, member);
  if (typeof to === "string") {
    return to;
  }
  if (data === undefined) {
    return noData(member);
  }
  return typeof keep === "boolean" ? { to, data, keep } : '"keep" must be true or false.';
}

function noData(member: string): string {
  return `"data" is missing: a message with "${member}" needs it, and null is allowed.`;
}

/** What a backend asks to publish. */
interface Publication extends EnvelopeContent {
  /** The service that publishes. */
  readonly from: string | undefined;
  /** By which receivers recognise a message that the backend repeats. */
  readonly messageId: string | undefined;
}

/** Reads what a backend asks to publish. */
export function parsePublication(value: unknown): Parsed<Publication> {
  type Name = "to" | "data" | "id" | "from" | "messageId" | "keep";
  return parseRequest<Name, Publication>(value, '"publish"', (members) => {
    const { to, data, messageId, keep } = members;
    if (messageId !== undefined && !isMessageId(messageId)) {
      return INVALID_ID.replace("id", "messageId");
    }
    const from = parseName(members.from);
    if (members.from !== undefined && from === undefined) {
      return `"from" must be a name: ${NAME_RULE}.`;
    }
    const content = parseContent("to", to, data, keep);
    return typeof content === "string" ? content : { from, messageId, ...content };
  });
}

/**
 * Reads what every message has, and the rest by `read`, which returns the request or the sentence about what is invalid. `what`
 * is the subject of the sentence about anything that is not an object.
 */
export function parseRequest<Name extends string, Request extends object>(
  value: unknown,
  what: string,
  read: (members: { readonly [Member in Name]?: unknown }) => Request | Rejection | string,
): Parsed<Request> {
  const id = idOf(value);
  const members = membersOf<Name | "id">(value);
  const found =
    members === undefined
      ? `${what} must be a JSON object.`
      : members.id !== id
        ? INVALID_ID
        : read(members);
  const request = typeof found === "string" ? new Rejection("INVALID_MESSAGE", found) : found;
  return { id, request };
}

/** The sender's own name for a message, if it gave a valid one. */
export function idOf(value: unknown): string | undefined {
  const id = membersOf<"id">(value)?.id;
  return isMessageId(id) ? id : undefined;
}

/** Reads the target that a client's or a backend's message has as `member`, or returns the sentence why it is invalid. */
export function parseTarget(value: unknown, member: string): Target | string {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const [name, address] = members[0] ?? [];
  if (members.length !== 1) {
    return `"${member}" must have exactly one member: "connection", "user" or "channel".`;
  }
  if (name === "connection") {
    return isConnectionId(address)
      ? { connection: address }
      : `"${member}" has a "connection" that is not a valid connection id.`;
  }
  if (name !== "user" && name !== "channel") {
    return `"${member}" must have one of the members "connection", "user" and "channel".`;
  }
  const parsed = parseName(address);
  if (parsed === undefined) {
    return `"${member}" has a "${name}" that is not a valid name: ${NAME_RULE}.`;
  }
  return name === "user" ? { user: parsed } : { channel: parsed };
}

/** Whether `value` can be a sender's own name for a message: a text of 1 to 128 characters. */
function isMessageId(value: unknown): value is string {
  if (typeof value !== "string" || value === "") {
    return false;
  }
  // A code point is one or two units long: this spares counting them in a very long id.
  return value.length <= 2 * MAX_MESSAGE_ID_LENGTH && [...value].length <= MAX_MESSAGE_ID_LENGTH;
}

/** `value` as an object to read members from; undefined for anything but a JSON object. */
function membersOf<Name extends string>(
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

/** How long a text is in UTF-8, in bytes. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
