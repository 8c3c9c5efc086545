import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { type EnvironmentDefinition, ExecutionEnvironment } from "./execution-environment.ts";
import { IdleEnvironments } from "./idle-environments.ts";
import type { InvocationResult } from "./invocation-result.ts";
import type { LambdaFunction } from "./lambda-function.ts";

/** The most environments of one function. Lambda has up to 1000; here each is a process of one machine. */
const MAX_ENVIRONMENTS = 100;

/** How many environments start at the same time: a start keeps a processor busy. */
const MAX_STARTING = Math.max(2, availableParallelism());

/** A further environment starts when events wait and none became free for this long, in milliseconds. */
const PATIENCE = 20;

/** It also starts when an event has waited this long although environments do become free, in milliseconds. */
const MAX_WAIT = 200;

/** An environment that is not the only one ends after this long without an event, in milliseconds. */
const IDLE_TIME = 60_000;

/**
 * The largest event that Lambda accepts from an invoker that waits for the result, in bytes: 6 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_EVENT_BYTES = 6_291_456;

interface Waiting {
  readonly requestId: string;
  readonly event: string;
  readonly since: number;
  readonly settle: (result: InvocationResult) => void;
}

/**
 * A function that runs in as many execution environments as its events need. Events wait in one queue, and whichever
 * environment is free takes the next: many short events share a few environments, long ones get one each.
 */
export class EnvironmentPool implements LambdaFunction {
  readonly #definition: EnvironmentDefinition;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #idle: IdleEnvironments;
  readonly #queue: Waiting[] = [];
  #starting = 0;
  #lastFree = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(definition: EnvironmentDefinition, idleTime = IDLE_TIME) {
    this.#definition = definition;
    this.#idle = new IdleEnvironments(idleTime, (environment) => this.#expire(environment));
  }

  /** The environments that exist now, idle or not. */
  get environments(): ReadonlySet<ExecutionEnvironment> {
    return this.#environments;
  }

  async invoke(event: object): Promise<InvocationResult> {
    if (this.#closed) {
      return rejected("ServiceException", "The function has been stopped");
    }
    const json = toJson(event);
    if (json === undefined) {
      return rejected("InvalidRequestContentException", "The event has no JSON");
    }
    if (Buffer.byteLength(json) > MAX_EVENT_BYTES) {
      return rejected(
        "RequestTooLargeException",
        `The event has more than ${MAX_EVENT_BYTES} bytes`,
      );
    }
    const { promise, resolve: settle } = Promise.withResolvers<InvocationResult>();
    const requestId = randomUUID();
    this.#queue.push({ requestId, event: json, since: performance.now(), settle });
    this.#dispatch();
    return await promise;
  }

  /** Ends every environment; what runs or waits then does not return. Twice is no error. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#settleAll(rejected("ServiceException", "The function has been stopped"));
    await Promise.all(Array.from(this.#environments, (environment) => environment.stop()));
  }

  get #usable(): readonly ExecutionEnvironment[] {
    return [...this.#environments].filter(({ usable }) => usable);
  }

  #dispatch(): void {
    for (let [first] = this.#queue; first !== undefined; [first] = this.#queue) {
      const environment = this.#idle.take();
      if (environment === undefined) {
        this.#watchQueue();
        return;
      }
      this.#queue.shift();
      void this.#run(environment, first);
    }
  }

  async #run(
    environment: ExecutionEnvironment,
    { requestId, event, settle }: Waiting,
  ): Promise<void> {
    settle(await environment.invoke(requestId, event));
    this.#offer(environment);
  }

  /** Starts a further environment when the queue needs one, and looks again while there is a queue. */
  #watchQueue(): void {
    if (this.#needsMore()) {
      void this.#start();
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#queue.length > 0) {
        this.#watchQueue();
      }
    }, PATIENCE);
  }

  #needsMore(): boolean {
    const [first] = this.#queue;
    if (first === undefined || this.#starting >= Math.min(MAX_STARTING, this.#queue.length)) {
      return false;
    }
    const now = performance.now();
    const noneFree = now - Math.max(this.#lastFree, first.since) >= PATIENCE;
    const tooSlow = now - first.since >= MAX_WAIT;
    const { size } = this.#environments;
    return size === 0 || (size < MAX_ENVIRONMENTS && (noneFree || tooSlow));
  }

  async #start(): Promise<void> {
    const environment = new ExecutionEnvironment(this.#definition);
    this.#environments.add(environment);
    void environment.ended.then(() => {
      this.#environments.delete(environment);
      this.#idle.delete(environment);
    });
    this.#starting += 1;
    const failure = await environment.load(this.#queue[0]?.requestId ?? randomUUID());
    this.#starting -= 1;
    if (failure !== undefined && this.#usable.length === 0) {
      // On Lambda too each of these events would try, and fail, to load the same code.
      this.#settleAll(failure);
    }
    this.#offer(environment);
  }

  #offer(environment: ExecutionEnvironment): void {
    if (environment.usable) {
      this.#lastFree = performance.now();
      this.#idle.add(environment);
    }
    this.#dispatch();
  }

  #expire(environment: ExecutionEnvironment): void {
    if (this.#usable.length > 1) {
      this.#idle.delete(environment);
      void environment.stop();
    }
  }

  #settleAll(result: InvocationResult): void {
    for (const { settle } of this.#queue.splice(0)) {
      settle(result);
    }
  }
}

function rejected(errorType: string, errorMessage: string): InvocationResult {
  return { outcome: "rejected", errorType, errorMessage };
}

function toJson(event: object): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return undefined;
  }
}
