import { availableParallelism } from "node:os";
import { WaitingEvents } from "../../../local-gateway/lambda/scaling.ts";

/** More environments than any machine has processors. */
const MANY = 10_000;

/** One event has waited since the time 1000, while processors are saturated or not. */
function waiting(saturated: boolean) {
  let time = 1000;
  const events = new WaitingEvents({ saturated }, () => time);
  void events.add("{}");
  return {
    /** So many further events wait. */
    add: (count: number) => {
      for (let number = 0; number < count; number += 1) {
        void events.add("{}");
      }
    },
    /** An environment is added at a time. */
    environmentAdded: (now: number) => {
      time = now;
      events.environmentAdded();
    },
    /** Whether a further environment is needed at a time, when one became free last at another. */
    needMore: (now: number, lastFree: number, { starting = 0, environments = MANY } = {}) => {
      time = lastFree;
      events.environmentFreed();
      time = now;
      return events.needMore(environments, starting);
    },
  };
}

describe("Waiting events need a further environment", () => {
  test("when none became free for 100 ms", () => {
    const { needMore } = waiting(false);
    expect(needMore(1099, 0)).toBe(false);
    expect(needMore(1100, 0)).toBe(true);
    expect(needMore(1150, 1051)).toBe(false);
  });

  test("when one has waited for 500 ms although some become free", () => {
    const { needMore } = waiting(false);
    expect(needMore(1499, 1499)).toBe(false);
    expect(needMore(1500, 1499)).toBe(true);
  });

  test("when one has waited for 50 ms as long as there are fewer environments than processors", () => {
    const { needMore } = waiting(false);
    const none = { environments: 0 };
    expect(needMore(1049, 1049, none)).toBe(false);
    expect(needMore(1050, 1049, none)).toBe(true);
  });

  test("not before 500 ms after the last one was added, as long as some become free", () => {
    const { needMore, environmentAdded } = waiting(false);
    environmentAdded(1490);
    expect(needMore(1989, 1989)).toBe(false);
    expect(needMore(1990, 1989)).toBe(true);
  });

  test("not before none became free for 500 ms, while the processors are saturated", () => {
    const { needMore } = waiting(true);
    expect(needMore(1499, 0)).toBe(false);
    expect(needMore(1500, 0)).toBe(true);
    expect(needMore(2000, 1501)).toBe(false);
  });

  test("not before 5 s then, as long as some become free", () => {
    const { needMore, environmentAdded } = waiting(true);
    expect(needMore(5999, 5999)).toBe(false);
    expect(needMore(6000, 5999)).toBe(true);
    environmentAdded(6000);
    expect(needMore(10_999, 10_999)).toBe(false);
  });

  test("as long as fewer are starting than there are processors, and at least two", () => {
    const { add, needMore } = waiting(false);
    add(MANY);
    const most = Math.max(2, availableParallelism());
    expect(needMore(1500, 0, { starting: most - 1 })).toBe(true);
    expect(needMore(1500, 0, { starting: most })).toBe(false);
  });

  test("not when one is starting for each of them", () => {
    const { needMore } = waiting(false);
    expect(needMore(1500, 0, { starting: 1 })).toBe(false);
  });
});
