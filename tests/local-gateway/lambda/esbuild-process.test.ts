import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { retainEsbuild } from "../../../local-gateway/lambda/esbuild.ts";

/** The processes of esbuild that this process has now. Other tests may have left some to it. */
function esbuildProcesses(): readonly string[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return lines.split("\n").flatMap((line) => {
    const [pid = "", parent, ...command] = line.trim().split(/\s+/);
    const isOne = command.some((word) => word.startsWith("--service="));
    return isOne && Number(parent) === process.pid ? [pid] : [];
  });
}

const buildEmpty = () => build({ stdin: { contents: "" }, write: false });

test("esbuild's process ends with the last release, and starts again for the next use", async () => {
  const before = esbuildProcesses();
  const [one, other] = [retainEsbuild(), retainEsbuild()];
  await buildEmpty();
  await one[Symbol.asyncDispose]();
  const [own = "none", ...more] = esbuildProcesses().filter((pid) => !before.includes(pid));
  expect(own).toMatch(/^\d+$/);
  expect(more).toEqual([]);
  await other[Symbol.asyncDispose]();
  while (esbuildProcesses().includes(own)) {
    // It ends by itself once its input has ended.
  }
  await using _esbuild = retainEsbuild();
  const { outputFiles } = await buildEmpty();
  expect(outputFiles).toHaveLength(1);
});
