import { spawnSync } from "node:child_process";

/** The version of this machine's `python3`, for example `3.13`; undefined when there is none. */
export const PYTHON_VERSION = /^Python (3\.\d+)/.exec(
  spawnSync("python3", ["--version"], { encoding: "utf8" }).stdout ?? "",
)?.[1];

/** Tests that run Python, skipped where there is none. */
export const describeWithPython = PYTHON_VERSION === undefined ? describe.skip : describe;

/** Whether this machine's `python3` finds a package. */
export function hasPythonPackage(name: string): boolean {
  return spawnSync("python3", ["-c", `import ${name}`]).status === 0;
}
