/**
 * The limits that client and relay share. Lengths are in code points, sizes in bytes of UTF-8, times in milliseconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */

/** The longest `id` that a sender may give to its message, in code points. */
export const MAX_MESSAGE_ID_LENGTH = 128;

/** How many channels a connection may join when it connects. */
export const MAX_CHANNELS_AT_CONNECT = 10;
/** How many channels one `subscribe` may join. */
export const MAX_CHANNELS_PER_SUBSCRIBE = 24;
/** How many channels a connection may be in. */
export const MAX_CHANNELS = 100;
/** In how many channels a connection may ask for presence. */
export const MAX_WATCHED_CHANNELS = 10;
/** How many members one `members` frame lists, and how long the frame is at most, in bytes. */
export const MAX_MEMBERS_PER_FRAME = 100;
export const MAX_MEMBERS_FRAME_BYTES = 32_767;

/** How long a `history` frame is at most, in bytes, unless its one message alone is longer. */
export const MAX_HISTORY_FRAME_BYTES = 32 * 1024 - 1;
/** The longest envelope that is kept in history, in bytes: a `history` frame with it must be a message, too. */
export const MAX_KEPT_MESSAGE_BYTES = 126 * 1024;

/** The largest message that API Gateway takes, in bytes. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
/** The largest WebSocket frame that API Gateway takes, in bytes. A larger message must be split into frames. */
export const MAX_FRAME_BYTES = 32 * 1024;

/**
 * The longest time for which the relay keeps a registration, in milliseconds: API Gateway closes every connection at the age of
 * 2 hours, and 10 minutes are a reserve. Like the limit of a `members` frame it is one number, not a calculation: the builds
 * of pages, which do not need it, then leave it out.
 */
export const REGISTRATION_LIFETIME = 7_800_000;
