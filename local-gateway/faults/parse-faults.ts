import type { FaultSettings } from "./fault-settings.ts";
import { readFaultSettings } from "./read-fault-settings.ts";

const FORM = /^(?<name>\w+)=(?<share>\d+(\.\d+)?|\.\d+)(:(?<milliseconds>\d+))?$/;

/**
 * Reads the faults of a command line, each `NAME=SHARE` or `NAME=SHARE:MILLISECONDS`; undefined when there are none.
 *
 * Throws with one sentence when one has another form, is given twice, or is wrong.
 */
export function parseFaults(
  texts: readonly string[] = [],
  seedText: string | undefined,
): FaultSettings | undefined {
  const seed = seedText === undefined ? undefined : seedOf(seedText);
  const faults = new Map<string, number | { share: number; milliseconds: number }>();
  for (const text of texts) {
    const { name, share, milliseconds } = FORM.exec(text)?.groups ?? {};
    if (name === undefined) {
      const forms = "NAME=SHARE or NAME=SHARE:MILLISECONDS";
      throw new Error(`--fault takes ${forms}, not ${JSON.stringify(text)}.`);
    }
    if (faults.has(name)) {
      throw new Error(`--fault ${name} is given twice.`);
    }
    faults.set(
      name,
      milliseconds === undefined
        ? Number(share)
        : { share: Number(share), milliseconds: Number(milliseconds) },
    );
  }
  if (faults.size === 0) {
    return;
  }
  const settings: FaultSettings = { ...Object.fromEntries(faults), seed };
  readFaultSettings(settings);
  return settings;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 32) {
    return seed;
  }
  const range = `a number from 0 to ${2 ** 32 - 1}`;
  throw new Error(`--fault-seed takes ${range}, not ${JSON.stringify(text)}.`);
}
