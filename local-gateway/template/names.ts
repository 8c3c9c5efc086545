import { isRecord } from "./values.ts";

/** The names to which Ref, Fn::GetAtt and Fn::Sub refer in a value, those of parameters too. */
export function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(namesIn);
  }
  if (!isRecord(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, argument]) => {
    const [first] = [argument].flat();
    const names = typeof first === "string" ? namesOf(key, first) : [];
    return [...names, ...namesIn(argument)];
  });
}

function namesOf(functionName: string, text: string): string[] {
  switch (functionName) {
    case "Ref":
      return [text];
    case "Fn::GetAtt":
      return text.split(".", 1);
    case "Fn::Sub":
      return Array.from(text.matchAll(/\$\{([^!}.][^}.]*)/g), ([, name = ""]) => name.trim());
    default:
      return [];
  }
}
