/** Stands in for `@smithy/core/event-streams`: the SDK loads it for operations that stream events, and the relay uses none. */
export function eventStreamSerdeProvider(): never {
  throw new Error("The function is built without event streams.");
}
