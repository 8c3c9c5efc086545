import { SYSTEM_CLOCK } from "../../client/platform.ts";

test("the clock goes on when somebody sets the time of day back", () => {
  const timeOfDay = Date.now;
  const before = SYSTEM_CLOCK.now();
  try {
    Date.now = () => timeOfDay() - 3_600_000;
    expect(SYSTEM_CLOCK.now()).toBeGreaterThanOrEqual(before);
  } finally {
    Date.now = timeOfDay;
  }
});
