/** Does one of two things so often, one after the other; answered with the seconds that it took. */
export interface InvocationsCommand {
  /** The handler of the built function with an event that forwards, or one post by the SDK alone. */
  readonly do: "invoke" | "post";
  readonly times: number;
}
