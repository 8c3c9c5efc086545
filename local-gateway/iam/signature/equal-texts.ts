import { timingSafeEqual } from "node:crypto";

/** Compares two texts in a time that does not tell where they differ. */
export function equalTexts(one: string, other: string): boolean {
  const [oneBytes, otherBytes] = [Buffer.from(one), Buffer.from(other)];
  return oneBytes.length === otherBytes.length && timingSafeEqual(oneBytes, otherBytes);
}
