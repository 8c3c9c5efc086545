/** A failure that Lambda's runtime finds itself. */
export class RuntimeError extends Error {
  /** What the invoker of the function learns. Enumerable, so that the log says it too. */
  readonly errorType: string;

  constructor(
    errorType:
      | "Runtime.MalformedHandlerName"
      | "Runtime.HandlerNotFound"
      | "Runtime.ImportModuleError"
      | "Runtime.UserCodeSyntaxError"
      | "Runtime.CallbackHandlerDeprecated"
      | "Runtime.UnhandledPromiseRejection"
      | "Runtime.NodeJsExit"
      | "Runtime.MarshalError",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.errorType = errorType;
  }

  override get name(): string {
    return this.errorType;
  }
}
