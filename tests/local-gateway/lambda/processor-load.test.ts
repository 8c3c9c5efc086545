import { ProcessorLoad } from "../../../local-gateway/lambda/processor-load.ts";

/** Two processors of which so many milliseconds were idle, at these times. */
function loadAt(...looks: readonly [time: number, idle: number][]): ProcessorLoad {
  let next = -1;
  let [time, idle] = [0, 0];
  const now = () => {
    next += 1;
    [time, idle] = looks[next] ?? [0, 0];
    return time;
  };
  return new ProcessorLoad(() => ({ idle, total: 2 * time }), now);
}

describe("The processors are saturated", () => {
  test("when they have been busy for more than three quarters of a tenth of a second", () => {
    expect(loadAt([0, 0], [100, 49]).saturated).toBe(true);
    expect(loadAt([0, 0], [100, 50]).saturated).toBe(false);
  });

  test("until a look shows the opposite, and no longer", () => {
    const load = loadAt([0, 0], [100, 0], [150, 100], [200, 150]);
    expect([load.saturated, load.saturated, load.saturated]).toEqual([true, true, false]);
  });

  test("never before there was time to see it", () => {
    expect(loadAt([0, 0], [99, 0]).saturated).toBe(false);
  });

  test("or not, but the machine itself answers", () => {
    expect(typeof new ProcessorLoad().saturated).toBe("boolean");
  });
});
