import { FAULTS, type FaultName } from "./fault-name.ts";
import type { FaultSettings } from "./fault-settings.ts";
import { isSlowFault } from "./is-slow-fault.ts";

/** One fault as it was asked for. */
interface AskedFault {
  readonly name: FaultName;
  readonly share: number;
  /** 0 for a fault that takes no time. */
  readonly milliseconds: number;
}

/** What was asked for, checked. */
interface CheckedFaults {
  readonly seed: number;
  readonly faults: readonly AskedFault[];
}

const DEFAULT_SEED = 1;
const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_MILLISECONDS = 2_000;
/** The longest that a timer can wait. */
const MAX_MILLISECONDS = 2 ** 31 - 1;

/** Checks settings. Throws with one sentence when a name, a share, a time or the seed is wrong. */
export function readFaultSettings({ seed, ...settings }: FaultSettings): CheckedFaults {
  if (seed !== undefined && !isWholeNumber(seed, MAX_SEED)) {
    throw new Error(`The seed of the faults is a number from 0 to ${MAX_SEED}, not ${seed}.`);
  }
  const faults = Object.entries(settings).flatMap(([name, setting]) =>
    setting === undefined ? [] : [readFault(name, setting)],
  );
  return { seed: seed ?? DEFAULT_SEED, faults };
}

function readFault(
  name: string,
  setting: number | { share: number; milliseconds?: number | undefined },
): AskedFault {
  if (!isFaultName(name)) {
    const names = Object.keys(FAULTS).join(", ");
    throw new Error(`There is no fault ${JSON.stringify(name)}: the faults are ${names}.`);
  }
  const { share, milliseconds } =
    typeof setting === "object" ? setting : { share: setting, milliseconds: undefined };
  if (!(typeof share === "number" && share >= 0 && share <= 1)) {
    throw new Error(`The fault ${name} takes a share from 0 to 1, not ${share}.`);
  }
  if (!isSlowFault(name)) {
    if (milliseconds !== undefined) {
      throw new Error(`The fault ${name} takes a share only, no milliseconds.`);
    }
    return { name, share, milliseconds: 0 };
  }
  if (milliseconds !== undefined && !isWholeNumber(milliseconds, MAX_MILLISECONDS)) {
    const range = `from 0 to ${MAX_MILLISECONDS}`;
    throw new Error(`The fault ${name} takes milliseconds ${range}, not ${milliseconds}.`);
  }
  return { name, share, milliseconds: milliseconds ?? DEFAULT_MILLISECONDS };
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function isWholeNumber(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
