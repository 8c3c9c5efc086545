import { setImmediate } from "node:timers/promises";
import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import { AsynchronousInvocations } from "../../../local-gateway/lambda-api/asynchronous-invocations.ts";
import { returns } from "../support/returns.ts";

test("a stop waits for the attempt under way, and twice is no error", async () => {
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  const invocations = new AsynchronousInvocations(() => order.push("error"));
  invocations.add(
    () => promise,
    () => order.push("ended"),
  );
  const closed = invocations.close().then(() => order.push("closed"));
  // Whatever does not wait for the attempt has happened by then.
  await setImmediate();
  resolve(returns(null));
  await closed;
  await invocations.close();
  expect(order).toEqual(["ended", "closed"]);
});

test("what goes wrong around an attempt is told", async () => {
  const errors: unknown[] = [];
  const invocations = new AsynchronousInvocations((error) => errors.push(error));
  invocations.add(
    async () => returns(null),
    () => {
      throw new Error("no such line");
    },
  );
  await invocations.close();
  expect(errors).toEqual([new Error("no such line")]);
});
