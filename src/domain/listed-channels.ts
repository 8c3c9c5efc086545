import { parseName } from "./parse-name.ts";

/** The channels that a claim lists: an array of names, or one text with names between spaces, as OAuth writes scopes. */
export function listedChannels(claim: unknown): readonly string[] {
  const names: readonly unknown[] =
    typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return names.map(parseName).filter((name) => name !== undefined);
}
