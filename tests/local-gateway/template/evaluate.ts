import { readText } from "./read-text.ts";
import { smallTemplate } from "./small-template.ts";

/** The value that an expression has as an environment variable of a function; undefined when it has none. */
export async function evaluate(
  expression: string,
  { sections = "", resources = "", overrides = {} } = {},
): Promise<string | undefined> {
  const properties = `      Environment:\n        Variables:\n          VALUE: ${expression}`;
  const text = smallTemplate({ sections, resources, properties });
  const { functions } = await readText(text, overrides);
  return functions.get("Fn")?.environment.VALUE;
}
