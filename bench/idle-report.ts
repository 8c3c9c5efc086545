/** What a server of idle connections tells of itself. */
export interface IdleReport {
  readonly url: string;
  readonly connections: number;
  /** Its resident memory, in bytes. */
  readonly resident: number;
}
