import { createRandom } from "./create-random.ts";

/** Makes the numbers of one fault: another sequence for every name, so that faults do not disturb one another. */
export function faultRandom(seed: number, name: string): () => number {
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
