import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRuntime } from "../../../local-gateway/lambda/build.ts";
import type { EnvironmentDefinition } from "../../../local-gateway/lambda/environment-definition.ts";
import { EnvironmentPool, type PoolOptions } from "../../../local-gateway/lambda/pool.ts";
import { HANDLERS } from "./define-function.ts";
import { LogLines } from "./log-lines.ts";

/** A pool of environments for one handler of the fixtures, to look inside. */
export async function startPool(
  handler: string,
  special: Partial<EnvironmentDefinition> = {},
  options: PoolOptions = {},
) {
  const directory = await mkdtemp(join(tmpdir(), "pool-"));
  const lines = new LogLines();
  const definition: EnvironmentDefinition = {
    runtime: await buildRuntime(directory),
    load: {
      type: "load",
      root: HANDLERS,
      handler,
      runtime: "nodejs24.x",
      logFormat: "Text",
      logLevel: "TRACE",
      context: {},
    },
    variables: {},
    memorySize: 128,
    initTimeout: 10_000,
    timeout: 10_000,
    onLogLine: (line) => lines.add(line),
    ...special,
  };
  const pool = new EnvironmentPool(definition, options);
  return {
    definition,
    pool,
    lines,
    async [Symbol.asyncDispose]() {
      await pool.close();
      await rm(directory, { recursive: true });
    },
  };
}
