import { setImmediate } from "node:timers/promises";
import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import { AsynchronousInvocations } from "../../../local-gateway/lambda-api/asynchronous-invocations.ts";
import type { EventInvokeConfig } from "../../../local-gateway/template/event-invoke-config.ts";
import { returns } from "../support/returns.ts";

const failed: InvocationResult = { outcome: "failed", errorType: "Error", errorMessage: "no" };
const rejected: InvocationResult = { ...failed, outcome: "rejected" };

/** The waits, in seconds, of an event whose attempts end with these results, and then all with the last of them. */
async function waits(...results: readonly InvocationResult[]): Promise<number[]> {
  return await waitsWith(undefined, ...results);
}

async function waitsWith(
  config: EventInvokeConfig | undefined,
  ...results: readonly InvocationResult[]
): Promise<number[]> {
  const seconds: number[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const invocations = new AsynchronousInvocations(
    () => {},
    async (milliseconds) => {
      seconds.push(milliseconds / 1000);
    },
  );
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    return results[attempts - 1] ?? results.at(-1) ?? failed;
  };
  const onAttempt = (_result: InvocationResult, next: number | undefined) => {
    if (next === undefined) {
      resolve();
    }
  };
  invocations.add(attempt, onAttempt, config);
  await ended;
  return seconds;
}

test("an event whose function returned is not retried", async () => {
  expect(await waits(returns(1))).toEqual([]);
});

test("an event whose function fails is retried after one minute and after two more", async () => {
  expect(await waits(failed)).toEqual([60, 120]);
});

test("an event without capacity is retried after ever longer waits, for six hours", async () => {
  const all = await waits(rejected);
  expect(all.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  const sum = all.reduce((total, seconds) => total + seconds, 0);
  expect(sum).toBeLessThanOrEqual(6 * 3600);
  expect(sum + 300).toBeGreaterThan(6 * 3600);
});

test("a failed event is retried as often as its function's configuration says", async () => {
  const maximumEventAge = 21_600;
  expect(await waitsWith({ maximumRetryAttempts: 1, maximumEventAge }, failed)).toEqual([60]);
  expect(await waitsWith({ maximumRetryAttempts: 0, maximumEventAge }, failed)).toEqual([]);
});

test("an event that is too old when its turn comes is not retried", async () => {
  const config = { maximumRetryAttempts: 2, maximumEventAge: 60 };
  expect(await waitsWith(config, rejected)).toEqual([1, 2, 4, 8, 16]);
  expect(await waitsWith(config, failed)).toEqual([]);
});

test("a wait for capacity does not count as a failure of the function", async () => {
  expect(await waits(failed, rejected, failed, rejected, failed)).toEqual([60, 1, 120, 2]);
});

test("a stop waits for the attempt under way, and twice is no error", async () => {
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<InvocationResult>();
  const invocations = new AsynchronousInvocations(() => order.push("error"));
  invocations.add(
    () => promise,
    () => order.push("ended"),
  );
  const closed = invocations.close().then(() => order.push("closed"));
  // What does not wait for the attempt has happened by then.
  await setImmediate();
  resolve(returns(null));
  await closed;
  await invocations.close();
  expect(order).toEqual(["ended", "closed"]);
});

test("an error outside of an attempt is reported", async () => {
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
