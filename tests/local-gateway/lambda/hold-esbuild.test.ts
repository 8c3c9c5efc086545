import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { holdEsbuild } from "../../../local-gateway/lambda/hold-esbuild.ts";

/** How many processes of esbuild this process has now. */
function esbuildProcesses(): number {
  const lines = execFileSync("ps", ["-A", "-o", "ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => {
    const [parent, ...command] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && command.some((word) => word.includes("--service="));
  }).length;
}

const nothing = () => build({ stdin: { contents: "" }, write: false });

test("esbuild's process ends when the last one who holds it lets it go, and comes back for the next", async () => {
  const [one, other] = [holdEsbuild(), holdEsbuild()];
  await nothing();
  await one[Symbol.asyncDispose]();
  expect(esbuildProcesses()).toBe(1);
  await other[Symbol.asyncDispose]();
  while (esbuildProcesses() > 0) {
    // It ends by itself once its input has ended.
  }
  await using _esbuild = holdEsbuild();
  const { outputFiles } = await nothing();
  expect(outputFiles).toHaveLength(1);
});
