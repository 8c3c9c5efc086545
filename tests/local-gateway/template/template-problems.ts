import type { TemplateErrorCode } from "../../../local-gateway/template/error.ts";

/** What a TemplateError has: its code, and a part of its message. For `rejects.toMatchObject`. */
function problem(code: TemplateErrorCode, message: string | RegExp) {
  const matcher =
    typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message);
  return { name: "TemplateError", code, message: matcher };
}

/** AWS would reject the template as well. */
export const invalid = (message: string | RegExp) => problem("TEMPLATE_INVALID", message);

/** The template may run on AWS, but not here. */
export const unsupported = (message: string | RegExp) => problem("TEMPLATE_UNSUPPORTED", message);

/** The file is not there, or is neither YAML nor JSON. */
export const unreadable = (message: string | RegExp) => problem("TEMPLATE_UNREADABLE", message);

/** A parameter has no value, or one that it or a rule does not allow. */
export const invalidParameter = (message: string | RegExp) =>
  problem("TEMPLATE_PARAMETER_INVALID", message);
