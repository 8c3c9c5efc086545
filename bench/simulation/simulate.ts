import { BEGIN, Environment, type Shared } from "./environment.ts";
import { DEPLOYED, type ModelInputs } from "./inputs.ts";
import { TokenBucket, VirtualTime } from "./virtual-time.ts";

/** What is simulated. */
interface Scenario {
  /** Who is in each channel, in addition to its speaker. */
  readonly members: number;
  /** `FanOutPerSecond`. */
  readonly perSecond: number;
  /** How many messages are sent at once, each to a channel of its own; 1 by default. */
  readonly messages?: number;
  /** Whether large messages share one pace; true by default. Without, every slice begins as soon as it can. */
  readonly isPaced?: boolean;
  /** Whether one invocation delivers to everybody while it reads, as it did before there were slices. */
  readonly isUnsliced?: boolean;
  /** Those of the deployed system by default. */
  readonly inputs?: ModelInputs;
}

/** How it went. Times are in seconds from the messages on, and rates in posts a second. */
export interface Simulated {
  /** When the last delivery was. */
  readonly seconds: number;
  /** When the last speaker had an answer. */
  readonly answeredAfter: number;
  /** From the first post to the last. */
  readonly rate: number;
  /** In the second with the most posts. */
  readonly peakRate: number;
  readonly deliveries: number;
  readonly invocations: number;
  readonly environments: number;
  readonly gigabyteSeconds: number;
  /** What DynamoDB bills. */
  readonly units: Shared["units"];
  /** What the speakers received. */
  readonly answers: readonly unknown[];
}

/** Runs the relay's domain code in virtual time on a model of AWS. Rejects when any part of it fails. */
export async function simulate(scenario: Scenario): Promise<Simulated> {
  const { messages = 1, isPaced = true, isUnsliced = false, inputs = DEPLOYED } = scenario;
  const time = new VirtualTime();
  const posts = new Posts(time);
  const answers: unknown[] = [];
  let answeredAfter = 0;
  const shared: Shared = {
    ...scenario,
    inputs,
    time,
    isPaced,
    requests: new TokenBucket(time, inputs.requestsPerSecond, inputs.requestBurst),
    freeAt: 0,
    progress: new Map(),
    reports: new Map(),
    units: { reads: 0, writes: 0 },
    onDelivery: () => posts.add(),
    onAnswer: (text) => {
      answers.push(JSON.parse(text));
      answeredAfter = time.now / 1000;
    },
    addJob: (job) => lambda.invoke(inputs.jobStart, (it, deadline) => it.work(job, deadline)),
  };
  const lambda = new Lambda(shared);
  for (let index = 0; index < messages; index += 1) {
    lambda.invoke(inputs.messageStart, (it, deadline) =>
      it[isUnsliced ? "relayUnsliced" : "relay"](String(index), deadline),
    );
  }
  await time.runWhile(() => lambda.isBusy);
  lambda.throwFailure();
  const { units } = shared;
  return { ...posts.summary(), ...lambda.bill(), units, answeredAfter, answers };
}

/** Something that an environment does before a deadline, in milliseconds since 1970. */
type Work = (environment: Environment, deadline: number) => Promise<void>;

/** Lambda: runs each event in an environment that is free, or in a new one. */
class Lambda {
  readonly #shared: Shared;
  readonly #newEnvironments: TokenBucket;
  readonly #free: Environment[] = [];
  #environments = 0;
  #invocations = 0;
  #running = 0;
  /** In milliseconds. */
  #billed = 0;
  readonly #failures: unknown[] = [];

  constructor(shared: Shared) {
    const { time, inputs } = shared;
    this.#shared = shared;
    const added = inputs.environmentsPer10Seconds;
    this.#newEnvironments = new TokenBucket(time, added / 10, added);
  }

  /** Whether something is going on. A failure ends that. */
  get isBusy(): boolean {
    return this.#running > 0 && this.#failures.length === 0;
  }

  throwFailure(): void {
    for (const failure of this.#failures) {
      throw failure;
    }
  }

  invoke(startTime: number, work: Work): void {
    this.#running += 1;
    const onEnd = () => {
      this.#running -= 1;
    };
    this.#invoke(startTime, work).then(onEnd, (failure) => this.#failures.push(failure));
  }

  async #invoke(startTime: number, work: Work): Promise<void> {
    const { time, inputs } = this.#shared;
    await time.after(startTime);
    const environment = await this.#freeEnvironment();
    this.#invocations += 1;
    const begin = time.now;
    await work(environment, BEGIN + begin + inputs.timeout - inputs.returnTime);
    this.#billed += time.now - begin;
    this.#free.push(environment);
  }

  async #freeEnvironment(): Promise<Environment> {
    const { time, inputs } = this.#shared;
    for (let retry = inputs.retry; ; retry *= 2) {
      const free = this.#free.pop();
      if (free !== undefined) {
        return free;
      }
      if (this.#environments < inputs.environments && this.#newEnvironments.take()) {
        this.#environments += 1;
        this.#billed += inputs.environmentStart;
        await time.after(inputs.environmentStart);
        return new Environment(this.#shared);
      }
      await time.after(retry);
    }
  }

  bill() {
    return {
      invocations: this.#invocations,
      environments: this.#environments,
      gigabyteSeconds: (this.#billed / 1000) * (this.#shared.inputs.memory / 1024),
    };
  }
}

/** The parts of a second in which posts are counted. */
const PARTS = 100;

/** Counts posts by their times. */
class Posts {
  readonly #time: VirtualTime;
  readonly #counts: number[] = [];
  #first: number | undefined;
  #last = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  add(): void {
    const { now } = this.#time;
    const part = Math.floor((now * PARTS) / 1000);
    this.#counts[part] = (this.#counts[part] ?? 0) + 1;
    this.#first ??= now;
    this.#last = now;
  }

  summary() {
    const counts = Array.from(this.#counts, (count) => count ?? 0);
    let deliveries = 0;
    let inSecond = 0;
    let peakRate = 0;
    for (const [part, count] of counts.entries()) {
      deliveries += count;
      inSecond += count - (counts[part - PARTS] ?? 0);
      peakRate = Math.max(peakRate, inSecond);
    }
    const rate = ((deliveries - 1) * 1000) / (this.#last - (this.#first ?? 0));
    return { seconds: this.#last / 1000, deliveries, rate, peakRate };
  }
}
