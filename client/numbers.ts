/** The client's constants. This file imports nothing, so that a minifier can put each number where it is used. */

/** In milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** What a timer can wait at most, in milliseconds: a longer one would fire at once. */
export const LARGEST_NUMBER = 2 ** 31 - 1;

/** How many messages and connections are remembered. Duplicates come close together: the time of a rotation. */
export const REMEMBERED = 1000;

/** How much of a text a reason quotes, in characters. */
export const QUOTED = 200;

/** The `readyState` of an open WebSocket, and the code with which it is closed. */
export const OPEN = 1;
export const NORMAL_CLOSURE = 1000;

/** How often to check whether an old connection still waits for answers, in milliseconds. */
export const DRAIN_CHECK = 1000;

/** The share of a connection's age by which rotations differ, so that clients do not all move at once. */
export const ROTATION_JITTER = 0.1;

/** How often to check whether the machine was asleep, and how late a timer is then at least, in milliseconds. */
export const SLEEP_CHECK = 2 * SECOND;
export const SLEPT = 3 * SECOND;
