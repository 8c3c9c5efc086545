import { createRandom } from "../../../local-gateway/faults/faults.ts";

/** Numbers that are the same for the same seed, and what is drawn with them. */
export function seededRandom(seed: number) {
  const next = createRandom(seed);
  return {
    /** From 0 up to 1. */
    next,
    /** A whole number below `end`. */
    below: (end: number): number => Math.floor(next() * end),
    /** True in this share of the calls. */
    chance: (share: number): boolean => next() < share,
    pick: <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item,
  };
}

export type Random = ReturnType<typeof seededRandom>;
