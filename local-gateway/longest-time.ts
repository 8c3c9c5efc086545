/** The longest that a timer can wait, in seconds. */
export const LONGEST_TIME = 2_147_483;
