import { isConnectionId } from "./is-connection-id.ts";
import { parseName } from "./parse-name.ts";
import type { Target } from "./target.ts";

/** Reads a target from a client's or a backend's JSON. What is wrong with it is the result's `reason`, in a sentence. */
export function parseTarget(
  value: unknown,
): { readonly target: Target } | { readonly reason: string } {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const [name, address] = members[0] ?? [];
  if (members.length !== 1) {
    return { reason: 'must have exactly one member: "connection", "user" or "channel".' };
  }
  if (name === "connection") {
    return isConnectionId(address)
      ? { target: { connection: address } }
      : { reason: 'has a "connection" that is no connection id.' };
  }
  if (name !== "user" && name !== "channel") {
    return { reason: 'must have one of the members "connection", "user" and "channel".' };
  }
  const parsed = parseName(address);
  if (parsed === undefined) {
    return {
      reason: `has a "${name}" that is no name: 1 to 64 letters, digits and "_", ".", "@", ":", "+", "-" or "|".`,
    };
  }
  return { target: name === "user" ? { user: parsed } : { channel: parsed } };
}
