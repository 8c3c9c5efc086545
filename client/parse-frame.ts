/** A frame of the relay. No other client can forge one; what a member holds is still to be checked. */
export interface Frame {
  readonly relay: string;
  readonly [member: string]: unknown;
}

/** Reads a frame of the relay, or returns undefined for any other text. Never throws. */
export function parseFrame(text: string): Frame | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value?.relay === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
