import fc from "fast-check";
import {
  RejectedMessages,
  RouteThrottles,
  TokenBucket,
} from "../../../local-gateway/api-gateway/throttling.ts";

/** A clock that a test moves by hand, in milliseconds. */
function handMoved() {
  let now = 1000;
  return {
    clock: () => now,
    move: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

/** How many of `count` requests at one moment a bucket lets through. */
const takeMany = (bucket: TokenBucket, count: number) =>
  Array.from({ length: count }, () => bucket.take()).filter(Boolean).length;

test("a new bucket lets its burst through, and no more", () => {
  const { clock } = handMoved();
  expect(takeMany(new TokenBucket({ rate: 2, burst: 3 }, clock), 10)).toBe(3);
});

test("an empty bucket fills at its rate", () => {
  const { clock, move } = handMoved();
  const bucket = new TokenBucket({ rate: 2, burst: 3 }, clock);
  takeMany(bucket, 3);
  move(499);
  expect(bucket.take()).toBe(false);
  move(1);
  expect(bucket.take()).toBe(true);
  move(1000);
  expect(takeMany(bucket, 10)).toBe(2);
});

test("a bucket never holds more than its burst", () => {
  const { clock, move } = handMoved();
  const bucket = new TokenBucket({ rate: 100, burst: 3 }, clock);
  move(60_000);
  expect(takeMany(bucket, 10)).toBe(3);
});

test("a bucket without a rate or without a burst stays empty once it is", () => {
  const { clock, move } = handMoved();
  const once = new TokenBucket({ rate: 0, burst: 1 }, clock);
  const never = new TokenBucket({ rate: 1000, burst: 0 }, clock);
  expect([once.take(), never.take()]).toEqual([true, false]);
  move(60_000);
  expect([once.take(), never.take()]).toEqual([false, false]);
});

test("whatever comes, no more than burst and rate allow gets through", () => {
  const limits = fc.record({ rate: fc.nat(50), burst: fc.nat(50) });
  fc.assert(
    fc.property(limits, fc.array(fc.nat(400), { maxLength: 60 }), ({ rate, burst }, pauses) => {
      const { clock, move } = handMoved();
      const bucket = new TokenBucket({ rate, burst }, clock);
      let through = 0;
      let elapsed = 0;
      for (const pause of pauses) {
        move(pause);
        elapsed += pause;
        through += takeMany(bucket, 3);
      }
      expect(through).toBeLessThanOrEqual(burst + (rate * elapsed) / 1000 + 1e-6);
    }),
  );
});

test("every route has a bucket of its own, and one without limits takes everything", () => {
  const throttle = { rate: 1, burst: 1, setBy: "DefaultRouteSettings" } as const;
  const route = { twoWay: false, integrationTimeout: 1, throttle };
  const one = { ...route, routeKey: "one" };
  const two = { ...route, routeKey: "two" };
  const free = { routeKey: "free", twoWay: false, integrationTimeout: 1 };
  const throttles = new RouteThrottles([one, two, free], handMoved().clock);
  expect(throttles.take(one)).toEqual({ ok: true });
  expect(throttles.take(one)).toEqual({
    ok: false,
    problem: "one is throttled at 1 a second, burst 1 (DefaultRouteSettings)",
  });
  expect(throttles.take(two)).toEqual({ ok: true });
  expect([throttles.take(free), throttles.take(free)]).toEqual([{ ok: true }, { ok: true }]);
});

test("the 101st rejected message within 10 seconds is too many", () => {
  const { clock, move } = handMoved();
  const rejected = new RejectedMessages(clock);
  const connection = {};
  const counted = Array.from({ length: 100 }, () => rejected.add(connection));
  expect(counted).not.toContain(true);
  move(9_999);
  expect(rejected.add({})).toBe(false);
  expect(rejected.add(connection)).toBe(true);
});

test("rejected messages of more than 10 seconds ago do not count", () => {
  const { clock, move } = handMoved();
  const rejected = new RejectedMessages(clock);
  const connection = {};
  Array.from({ length: 100 }, () => rejected.add(connection));
  move(10_000);
  expect(rejected.add(connection)).toBe(false);
});
