import { RelayError } from "../../../client/index.ts";

/** What a rejected promise says, in the members that programs look at. */
export async function rejection(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RelayError);
  const { code, mayHaveArrived } = error as RelayError;
  return { code, mayHaveArrived };
}
