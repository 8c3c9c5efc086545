/** Why there is no conversation, in a sentence; and the field of the form with which it can be mended, if it is one. */
export interface Problem {
  readonly text: string;
  readonly field?: "user" | "channel" | "url";
}
