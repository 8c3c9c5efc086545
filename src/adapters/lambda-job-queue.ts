import type { LambdaClientConfig } from "@aws-sdk/client-lambda";
import type { JobQueue, Rest, Slice } from "../domain/fan-out/ports.ts";
import type { Clock } from "../domain/ports.ts";
import { lazy } from "./lazy.ts";

/**
 * The job queue on Lambda's asynchronous invocation: the function invokes itself with `{"fanOut":…}`, which Lambda keeps until
 * there is an environment for it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export class LambdaJobQueue implements JobQueue {
  readonly #lambda: () => Promise<(payload: string, end: number) => Promise<void>>;

  /**
   * `functionName` is the function's own. `config` is the SDK's; what is absent, the SDK finds itself. `clock` is the wall
   * clock, by which idle sockets are dropped.
   */
  constructor(functionName: string, config: LambdaClientConfig = {}, clock: Clock = Date.now) {
    this.#lambda = lazy(async () => {
      const { createInvoke } = await import("./lambda-job-queue/invoke.ts");
      return createInvoke(functionName, config, clock);
    });
  }

  async add(job: Slice | Rest, deadline: number): Promise<void> {
    const invoke = await this.#lambda();
    await invoke(JSON.stringify({ fanOut: job }), deadline);
  }
}
