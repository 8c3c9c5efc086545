import { printable } from "../printable.ts";
import type { Denial } from "./policies/find-denial.ts";

/** A denial in one line for whoever wrote the template: who may not do what to what, and where to change that. */
export function describeDenial({ functionId, permission, explicit }: Denial): string {
  const advice = explicit
    ? "a Deny in the function's policies forbids it"
    : "add it to the function's policies";
  const { action, resource } = permission;
  return printable(`${functionId} may not ${action} on ${resource}: ${advice}`);
}
