import { isMessageId } from "./is-message-id.ts";
import { membersOf } from "./members-of.ts";
import { parseName } from "./parse-name.ts";
import { parseTarget } from "./parse-target.ts";
import type { Publication } from "./publication.ts";

/** Reads what a backend asks to publish. `value` is any JSON value; what is wrong with it is in the result. */
export function parsePublication(value: unknown): Publication {
  const members = membersOf<"to" | "data" | "id" | "from">(value);
  const id = isMessageId(members?.id) ? members.id : undefined;
  const invalid = (reason: string): Publication => ({ kind: "invalid", id, reason });
  if (members === undefined) {
    return invalid('"publish" must be a JSON object.');
  }
  const { to, data } = members;
  if (members.id !== undefined && id === undefined) {
    return invalid('"id" must be a string of 1 to 128 characters.');
  }
  const from = parseName(members.from);
  if (members.from !== undefined && from === undefined) {
    return invalid(
      '"from" must be a name: 1 to 64 letters, digits and "_", ".", "@", ":", "+", "-" or "|".',
    );
  }
  const parsed = parseTarget(to);
  if ("reason" in parsed) {
    return invalid(`"to" ${parsed.reason}`);
  }
  if (data === undefined) {
    return invalid('"data" is missing, and null is allowed.');
  }
  return { kind: "envelope", id, from, to: parsed.target, data };
}
