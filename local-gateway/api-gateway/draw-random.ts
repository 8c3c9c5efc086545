import { randomBytes } from "node:crypto";

/** Bytes that are fetched from the system at a time: one fetch takes as long for 8 of them as for thousands. */
const STOCK = 4_096;

let stock = Buffer.alloc(0);
let used = 0;

/** Random bytes that nobody gets twice, fit for ids that nobody may guess. Takes at most a few dozen at a time. */
export function drawRandom(count: number): Buffer {
  if (used + count > stock.length) {
    stock = randomBytes(STOCK);
    used = 0;
  }
  used += count;
  return stock.subarray(used - count, used);
}
