/** A template that cannot be run here: it is wrong, or it needs something that only AWS has. The message says where. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
