import { setImmediate } from "node:timers/promises";
import type { JobQueue, Rest, Slice } from "../../src/domain/fan-out/ports.ts";

/** A job queue that keeps what it is given, and hands each job to `run` at once, as the JSON that would travel. */
export class InMemoryJobQueue implements JobQueue {
  /** Every job that was added, oldest first. */
  readonly added: (Slice | Rest)[] = [];
  /** Runs a job. Nobody waits for it. */
  run: (job: Slice | Rest) => unknown = () => {};
  /** Is called before a job is added, and may wait or throw. */
  beforeAccess: (access: string) => unknown = () => {};

  async add(job: Slice | Rest): Promise<void> {
    await setImmediate();
    await this.beforeAccess(`add ${job.kind}`);
    this.added.push(job);
    this.run(JSON.parse(JSON.stringify(job)));
  }
}
