import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BENCHMARKS } from "../../bench/benchmarks.ts";

const run = (...args: string[]) => promisify(execFile)(process.execPath, ["bench/cli.ts", ...args]);

test("--help lists every benchmark and measures nothing", async () => {
  const { stdout } = await run("--help");
  for (const { name } of BENCHMARKS) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name}$`, "m"));
  }
  expect(stdout).not.toContain("| benchmark |");
});

test("an unknown benchmark is an error with the names that there are", async () => {
  await expect(run("speed")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no benchmark speed\. There are size, init, /),
  });
});

test("minutes that are not a number above 0 are an error, and so is an unknown option", async () => {
  await expect(run("history", "--minutes", "0")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--minutes must be a number above 0."),
  });
  await expect(run("history", "--hours", "1")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--hours"),
  });
});
