import { Delays } from "./delays.ts";
import type { FaultName } from "./fault-name.ts";
import { faultRandom } from "./fault-random.ts";
import type { FaultSettings, SlowFaultName } from "./fault-settings.ts";
import type { FaultStrike, FaultTarget } from "./fault-strike.ts";
import { readFaultSettings } from "./read-fault-settings.ts";

interface Fault {
  readonly share: number;
  readonly milliseconds: number;
  readonly random: () => number;
}

/**
 * Decides what goes wrong. Each fault has a sequence of decisions of its own, chosen by the seed: the nth occasion for
 * it has the same outcome in every run, whatever the other faults do. Without settings nothing ever goes wrong.
 */
export class Faults {
  readonly #faults: ReadonlyMap<FaultName, Fault>;
  readonly #report: (strike: FaultStrike) => void;
  readonly #delays = new Delays();

  /**
   * Throws with one sentence when a name, a share, a time or the seed is wrong.
   *
   * @param report told of each fault that strikes, before its effect
   */
  constructor(settings: FaultSettings = {}, report: (strike: FaultStrike) => void = () => {}) {
    const { seed, faults } = readFaultSettings(settings);
    this.#faults = new Map(
      faults.map(({ name, ...fault }) => [name, { ...fault, random: faultRandom(seed, name) }]),
    );
    this.#report = report;
  }

  /** One occasion for some faults: the first of them that strikes, or undefined. All of them decide. */
  strike<Name extends FaultName>(names: readonly Name[], target: FaultTarget): Name | undefined {
    const [fault] = names.filter((name) => this.#decide(name));
    if (fault !== undefined) {
      this.#report({ fault, ...target });
    }
    return fault;
  }

  /** Waits as long as what the fault strikes is to take, or until `endDelays`. */
  async delay(name: SlowFaultName): Promise<void> {
    await this.#delays.wait(this.#faults.get(name)?.milliseconds ?? 0);
  }

  /** Lets nothing wait any longer, because the gateway stops. Twice is no error. */
  endDelays(): void {
    this.#delays.end();
  }

  #decide(name: FaultName): boolean {
    const fault = this.#faults.get(name);
    return fault !== undefined && fault.random() < fault.share;
  }
}
