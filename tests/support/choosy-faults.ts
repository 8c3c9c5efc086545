import { Faults, type FaultTarget } from "../../local-gateway/faults/faults.ts";
import type { FaultName } from "../../local-gateway/faults/settings.ts";

/** Faults that affect only the calls that they are limited to. Other calls do not trigger them. */
export class ChoosyFaults extends Faults {
  readonly #mayTrigger: (target: FaultTarget) => boolean;

  constructor(
    mayTrigger: (target: FaultTarget) => boolean,
    ...settings: ConstructorParameters<typeof Faults>
  ) {
    super(...settings);
    this.#mayTrigger = mayTrigger;
  }

  override trigger<Name extends FaultName>(
    names: readonly Name[],
    target: FaultTarget,
  ): Name | undefined {
    return this.#mayTrigger(target) ? super.trigger(names, target) : undefined;
  }
}
