import type { Application } from "../template/application.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";

/** The function to invoke: the one that is named, or the only one. Throws when there is no such function. */
export function chooseFunction(
  { functions }: Application,
  named: string | undefined,
): FunctionDefinition {
  const [only, ...others] = functions.values();
  const chosen = named === undefined ? only : functions.get(named);
  if (chosen === undefined || (named === undefined && others.length > 0)) {
    const problem = named === undefined ? "Name a function" : `There is no function ${named}`;
    throw new Error(`${problem}: --function takes one of ${[...functions.keys()].join(", ")}.`);
  }
  return chosen;
}
