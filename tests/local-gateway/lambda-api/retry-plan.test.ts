import type { InvocationResult } from "../../../local-gateway/lambda/invocation.ts";
import { RetryPlan } from "../../../local-gateway/lambda-api/asynchronous-invocations.ts";
import { returns } from "../support/returns.ts";

const failed: InvocationResult = { outcome: "failed", errorType: "Error", errorMessage: "no" };
const rejected: InvocationResult = { ...failed, outcome: "rejected" };

/** The waits after so many attempts that all ended like this, in seconds. */
function waits(result: InvocationResult): (number | undefined)[] {
  const plan = new RetryPlan();
  const seconds: (number | undefined)[] = [];
  for (let next = plan.next(result); next !== undefined; next = plan.next(result)) {
    seconds.push(next / 1000);
  }
  return seconds;
}

test("what a function returned is not tried again", () => {
  expect(waits(returns(1))).toEqual([]);
});

test("a failed function is tried again after one minute and after two more", () => {
  expect(waits(failed)).toEqual([60, 120]);
});

test("what has no capacity is tried again after ever longer waits, for six hours", () => {
  const all = waits(rejected);
  expect(all.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  const sum = all.reduce<number>((total, seconds) => total + (seconds ?? 0), 0);
  expect(sum).toBeLessThanOrEqual(6 * 3600);
  expect(sum + 300).toBeGreaterThan(6 * 3600);
});

test("waiting for capacity takes no attempt away from a function that fails", () => {
  const plan = new RetryPlan();
  const ended = [failed, rejected, failed, rejected, failed].map((result) => plan.next(result));
  expect(ended).toEqual([60_000, 1_000, 120_000, 2_000, undefined]);
});
