import { ProcessorLoad } from "../../../local-gateway/lambda/scaling.ts";

/** Two processors of which so many milliseconds were idle, at these times. */
function loadAt(...measurements: readonly [time: number, idle: number][]): ProcessorLoad {
  let next = -1;
  let [time, idle] = [0, 0];
  const now = () => {
    next += 1;
    [time, idle] = measurements[next] ?? [0, 0];
    return time;
  };
  return new ProcessorLoad(() => ({ idle, total: 2 * time }), now);
}

describe("The processors are saturated", () => {
  test("when they have been busy for more than three quarters of a tenth of a second", () => {
    expect(loadAt([0, 0], [100, 49]).saturated).toBe(true);
    expect(loadAt([0, 0], [100, 50]).saturated).toBe(false);
  });

  test("only as long as no measurement shows the opposite", () => {
    const load = loadAt([0, 0], [100, 0], [150, 100], [200, 150]);
    expect([load.saturated, load.saturated, load.saturated]).toEqual([true, true, false]);
  });

  test("before there was time for a measurement", () => {
    const load = loadAt([0, 0], [99, 99], [100, 100]);
    expect([load.saturated, load.saturated]).toEqual([true, false]);
  });

  test("when the last measurement is more than a second old", () => {
    const load = loadAt([0, 0], [100, 200], [1099, 2198], [2099, 4198], [2199, 4398]);
    const saturated = [load.saturated, load.saturated, load.saturated, load.saturated];
    expect(saturated).toEqual([false, false, true, false]);
  });

  test("or not, as measured on the machine itself", () => {
    expect(typeof new ProcessorLoad().saturated).toBe("boolean");
  });
});
