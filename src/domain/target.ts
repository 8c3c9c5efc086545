import type { Group } from "./group.ts";

/** Who receives an envelope: one connection, or a group of them. */
export type Target = { readonly connection: string } | Group;
