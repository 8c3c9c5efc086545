/** One WebSocket frame, without its mask. */
export interface Frame {
  /** Whether it is the last of its message. */
  readonly fin: boolean;
  /** The three bits that extensions use. */
  readonly reserved: number;
  readonly opcode: number;
  readonly payload: Buffer;
}
