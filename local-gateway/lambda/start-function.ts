import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { EnvironmentPool } from "./environment-pool.ts";
import { functionEnvironment } from "./function-environment.ts";
import type { FunctionOptions } from "./function-options.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { FunctionBuild } from "./reload/function-build.ts";
import { FunctionReload } from "./reload/function-reload.ts";
import { openBuilder } from "./reload/open-builder.ts";

/** A function that can be invoked until it is closed. */
export interface StartedFunction extends LambdaFunction {
  /** Ends every environment, whatever runs in it. Twice is no error. */
  close(): Promise<void>;
}

/** Builds one function and makes it ready to be invoked. Throws with file and line when it does not build. */
export async function startFunction(
  definition: FunctionDefinition,
  options: FunctionOptions,
): Promise<StartedFunction> {
  const { logicalId } = definition;
  const { directory, inspectPort, maxEnvironments, onReport } = options;
  const inspectable = inspectPort !== undefined;
  const builder = await openBuilder(definition, { directory, inspectable });
  const builtAt = Date.now();
  let live: FunctionBuild;
  try {
    live = await builder.build();
  } catch (error) {
    await builder.close();
    throw error;
  }
  const home = join(directory, `${logicalId}.home`);
  await mkdir(home);
  const constants = { home, logStreamName: createLogStreamName() };
  const environmentOf = (build: FunctionBuild) =>
    functionEnvironment(build.definition, options, constants);
  const { reservedConcurrency } = definition;
  const pool = new EnvironmentPool(environmentOf(live), {
    maxEnvironments,
    // With a debugger events wait for the one environment, but none runs where none may.
    reservedConcurrency: inspectable && reservedConcurrency !== 0 ? undefined : reservedConcurrency,
    single: inspectable,
  });
  if (!options.watch) {
    await builder.close();
    if (inspectable) {
      // A debugger attaches before the first event.
      await pool.prepare();
    }
    return pool;
  }
  const reload = new FunctionReload(live, builtAt, {
    functionId: logicalId,
    builder,
    pool,
    environmentOf,
    report: onReport,
  });
  const loaded = reload.loadFirst();
  if (inspectable) {
    await loaded;
  }
  return {
    invoke: (event, invocation) => pool.invoke(event, invocation),
    async close() {
      await Promise.all([reload.close(), pool.close(), loaded]);
    },
  };
}

function createLogStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
}
