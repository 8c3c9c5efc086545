import type { Application } from "../template/application.ts";

/** The function to invoke: the one that is named, or the only one. Throws when there is no such function. */
export function chooseFunction({ functions }: Application, named: string | undefined): string {
  const ids = [...functions.keys()];
  const [only, ...others] = ids;
  const chosen = named ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined || !functions.has(chosen)) {
    const problem = named === undefined ? "Name a function" : `There is no function ${named}`;
    throw new Error(`${problem}: --function takes one of ${ids.join(", ")}.`);
  }
  return chosen;
}
