import { randomUUID } from "node:crypto";

/** A name that no probe used before, for a note. */
export function freshName(): string {
  return randomUUID();
}
