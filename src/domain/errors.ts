import type { ErrorCode } from "../../protocol/errors.ts";
import type { ErrorFrame } from "../../protocol/frames.ts";
import {
  MAX_CHANNELS,
  MAX_CHANNELS_PER_SUBSCRIBE,
  MAX_WATCHED_CHANNELS,
} from "../../protocol/limits.ts";
import type { Position } from "./ports.ts";

/** Why a message reached nobody: a code for programs and a sentence for people. */
export class Rejection {
  readonly code: ErrorCode;
  readonly message: string;

  constructor(code: ErrorCode, message: string) {
    this.code = code;
    this.message = message;
  }
}

/**
 * The relay's sentences, by code and reason. Every code is here; an INVALID_MESSAGE may also have a sentence of its own,
 * which names the member at fault.
 */
const SENTENCES = {
  INVALID_MESSAGE: {
    tooDeep: '"data" is nested too deeply.',
    presenceOff: '"presence" is not available here.',
    tokenOff: '"token" is not available here: this relay checks no tokens.',
    historyOff: "This relay keeps no messages.",
    notAConnectionId: "API Gateway does not accept this as a connection id.",
  },
  FORBIDDEN: {
    rawForward: 'A connection id as "forward" is not allowed here: use {"connection":"…"}.',
    notAMember: "Only connections that are in a channel may send to it.",
    notInChannel: "Only connections that are in a channel may see who is in it.",
    notAReader: "Only connections that are in a channel may read its messages.",
    channel: "Your token does not open this channel, or not all of these channels.",
    token: "The token is not valid, or not yours.",
  },
  TARGET_GONE: {
    user: "There is no connection of that user.",
    connection: "There is no connection with that id any more.",
  },
  TOO_LARGE: {
    connection: "The message would be longer than the 128 KB that one may have.",
    group: "The message would be longer than one to a user or a channel may be here.",
    kept: "The message would be longer than the 126 KB that one in a channel's history may have.",
  },
  THROTTLED: {
    delivery: "Too many messages at once: the target was not reached. Try again later.",
    history: "Too much at once for the channel's history: nothing was done. Try again later.",
  },
  NOT_REGISTERED: {
    sender: "The relay does not know this connection, or its token has expired: connect again.",
  },
  RATE_LIMITED: {
    connection: "This connection has sent as many messages in this minute as it may.",
  },
  LIMIT_EXCEEDED: {
    channelsPerSubscribe: `One message may name up to ${MAX_CHANNELS_PER_SUBSCRIBE} channels.`,
    channels: `A connection may be in up to ${MAX_CHANNELS} channels.`,
    watched: `A connection may ask for presence in up to ${MAX_WATCHED_CHANNELS} channels.`,
    watchers: "As many connections as may ask for presence in this channel have asked already.",
  },
  UNAVAILABLE: {
    delivery: "The relay could not deliver the message. It may have arrived or not.",
    subscribe: "The relay could not join the channels. Try again later.",
    unsubscribe: "The relay could not leave the channel. Try again later.",
    members: "The relay could not read who is in the channel. Try again later.",
    history: "The relay could not read the channel's messages. Try again later.",
    positions: "The relay could not read where your channels stand. Try again later.",
    registration: "The relay could not read your registration, so it did nothing. Try again later.",
  },
} as const satisfies Record<ErrorCode, Readonly<Record<string, string>>>;

/** The rejection with this code, for one of its reasons. */
export function rejection<Code extends ErrorCode>(
  code: Code,
  reason: keyof (typeof SENTENCES)[Code],
): Rejection {
  const sentences: Readonly<Record<PropertyKey, string>> = SENTENCES[code];
  return new Rejection(code, sentences[reason] ?? "");
}

/** The message that a frame answers; `position` is its own, if it is kept in history. */
interface AnsweredMessage {
  readonly id: string | undefined;
  readonly requestId: string;
  readonly position?: Position | undefined;
}

/** The frame that reports a rejection to the sender of a message. */
export function errorFrame(
  { code, message }: Rejection,
  { id, requestId, position }: AnsweredMessage,
): Required<ErrorFrame> {
  return {
    relay: "error",
    code,
    message,
    id,
    requestId,
    sequence: undefined,
    epoch: undefined,
    ...position,
  };
}
