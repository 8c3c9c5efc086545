import {
  type FaultName,
  type FaultSettings,
  readFaultSettings,
  type SlowFaultName,
} from "./settings.ts";

/** What may trigger a fault. */
export interface FaultTarget {
  /** A routeKey, the method of a management call, a function's logical id, or an operation of DynamoDB. */
  readonly subject: string;
  readonly connectionId?: string;
}

/** A fault that was triggered, and by what. */
export interface FaultTrigger extends FaultTarget {
  readonly fault: FaultName;
}

interface Fault {
  readonly share: number;
  readonly milliseconds: number;
  readonly random: () => number;
}

/**
 * Fault injection: decides what goes wrong. Each fault has a sequence of decisions of its own, chosen by the seed: its nth
 * case has the same outcome in every run, whatever the other faults do. Without settings nothing ever goes wrong.
 */
export class Faults {
  readonly #faults: ReadonlyMap<FaultName, Fault>;
  readonly #report: (trigger: FaultTrigger) => void;
  readonly #delays = new Delays();

  /**
   * Throws `INVALID_OPTION` with one sentence when a name, a share, a time or the seed is invalid.
   *
   * @param report takes each fault that is triggered, before its effect
   */
  constructor(settings: FaultSettings = {}, report: (trigger: FaultTrigger) => void = () => {}) {
    const { seed, faults } = readFaultSettings(settings);
    this.#faults = new Map(
      faults.map(({ name, ...fault }) => [name, { ...fault, random: faultRandom(seed, name) }]),
    );
    this.#report = report;
  }

  /** One case for some faults: the first of them that is triggered, or undefined. All of them decide. */
  trigger<Name extends FaultName>(names: readonly Name[], target: FaultTarget): Name | undefined {
    const [fault] = names.filter((name) => this.#decide(name));
    if (fault !== undefined) {
      this.#report({ fault, ...target });
    }
    return fault;
  }

  /** Waits as long as the delay of the fault, or until `endDelays`. */
  async delay(name: SlowFaultName): Promise<void> {
    await this.#delays.wait(this.#faults.get(name)?.milliseconds ?? 0);
  }

  /** Ends every delay, those that begin later too, because the gateway stops. Twice is no error. */
  endDelays(): void {
    this.#delays.end();
  }

  #decide(name: FaultName): boolean {
    const fault = this.#faults.get(name);
    return fault !== undefined && fault.random() < fault.share;
  }
}

/**
 * Makes a generator of numbers from 0 to below 1, the same ones for the same seed: mulberry32.
 *
 * @param seed its lowest 32 bits count
 */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes the numbers of one fault: another sequence for every name, so that faults do not influence each other. */
function faultRandom(seed: number, name: string): () => number {
  return createRandom(seed ^ hash(name));
}

/** FNV-1a with 32 bits. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (const byte of Buffer.from(text)) {
    bits = Math.imul(bits ^ byte, 0x01000193);
  }
  return bits;
}

/** Waits that can all be ended before their time. */
class Delays {
  readonly #waiting = new Set<() => void>();
  #ended = false;

  /** Resolves after a time, or as soon as the delays are ended. */
  async wait(milliseconds: number): Promise<void> {
    if (this.#ended) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  /** Ends every wait, those that begin later too. Twice is no error. */
  end(): void {
    this.#ended = true;
    for (const resolve of this.#waiting) {
      resolve();
    }
  }
}
