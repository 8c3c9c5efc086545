import { reconnectDelay } from "../../client/connector.ts";

const LIMITS = { baseDelay: 100, maxDelay: 1000 };

test("the longest delay doubles with each failure until it reaches its limit", () => {
  const longest = [0, 1, 2, 3, 4, 5, 2000].map((failures) =>
    reconnectDelay(failures, { ...LIMITS, random: () => 1 }),
  );
  expect(longest).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
});

test("a delay is any part of the longest one, and drawn anew each time", () => {
  const draws = [0, 0.5, 0.25];
  const random = () => draws.shift() ?? 1;
  const delays = [3, 3, 3].map((failures) => reconnectDelay(failures, { ...LIMITS, random }));
  expect(delays).toEqual([0, 400, 200]);
});

test("10,000 clients with a baseDelay of 20 s come back at API Gateway's 500 new connections a second", () => {
  const CLIENTS = 10_000;
  const seconds = Array<number>(20).fill(0);
  for (let client = 0; client < CLIENTS; client++) {
    const settings = { baseDelay: 20_000, maxDelay: 120_000, random: () => client / CLIENTS };
    const second = Math.floor(reconnectDelay(0, settings) / 1000);
    seconds[second] = (seconds[second] ?? 0) + 1;
  }
  expect(seconds).toEqual(Array(20).fill(500));
});
