import { Faults, type FaultTarget } from "../../local-gateway/faults/faults.ts";
import type { FaultName } from "../../local-gateway/faults/settings.ts";

/** Faults that affect only the calls that they are limited to. Other calls do not trigger them. */
export class ChoosyFaults extends Faults {
  readonly #mayStrike: (target: FaultTarget) => boolean;

  constructor(
    mayStrike: (target: FaultTarget) => boolean,
    ...settings: ConstructorParameters<typeof Faults>
  ) {
    super(...settings);
    this.#mayStrike = mayStrike;
  }

  override trigger<Name extends FaultName>(
    names: readonly Name[],
    target: FaultTarget,
  ): Name | undefined {
    return this.#mayStrike(target) ? super.trigger(names, target) : undefined;
  }
}
