import { problemsOfCourse } from "./support/history-course.ts";

const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);

beforeAll(async () => {
  // Loaded beforehand, so that no course waits for the disk.
  await import("../../client/history.ts");
  await import("../../client/joining.ts");
});

test("whatever is lost, late or fails, every member gets every message of its channels once and in order, or a gap", async () => {
  const failed: object[] = [];
  for (const seed of SEEDS) {
    // To repeat one: problemsOfCourse(seed).
    const problems = await problemsOfCourse(seed);
    if (problems.length > 0) {
      failed.push({ seed, problems: problems.slice(0, 5) });
    }
  }
  expect(failed).toEqual([]);
}, 120_000);
