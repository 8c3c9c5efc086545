/** One process of this machine. */
export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  /** Its resident memory, in megabytes. */
  readonly resident: number;
}
