/** The first line of a recording. */
export interface RecordingHeader {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly region: string;
}

export const FORMAT = "websocket-api-local recording";

/** Changes when a program that reads the version before would misunderstand. */
export const VERSION = 1;

/** The last line: a recording without it is cut off. */
export interface RecordingEnd {
  readonly end: true;
  /** How many entries there are. */
  readonly entries: number;
}
