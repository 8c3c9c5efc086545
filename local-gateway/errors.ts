/** The codes of {@link LocalGatewayError}, each with what it means. docs/local-gateway.md has the same table. */
export const ERROR_CODES = {
  INVALID_OPTION: "an option is unknown, or its value is invalid",
  NODE_TOO_OLD: "the local gateway needs a later Node",
  TEMPLATE_NOT_FOUND: "the command line names no template, and finds none or several",
  PORT_IN_USE: "another program uses the port",
  LISTEN_FAILED: "the gateway cannot listen on this host and port for another reason",
  BUILD_FAILED: "a function does not build",
  CONFIG_UNREADABLE: "the command line cannot read the project's package.json",
  COMMAND_NOT_STARTED: "the command of `exec` cannot be started",
  EVENT_UNREADABLE: "`npm run invoke` cannot read its event, or the event is not a JSON object",
  GATEWAY_UNREACHABLE: "`npm run invoke` finds no local gateway at the URL",
  INVOCATION_REJECTED: "the gateway at the URL rejects the invocation",
  CONNECTION_REJECTED: "`connect` gets an HTTP status in place of a connection",
  CONNECTION_FAILED: "`connect` reaches no gateway, or gets no answer in time",
  CONNECTION_CLOSED: "a test's client sends or waits for a message after its connection has closed",
  NO_MESSAGE: "a test's client receives no message in time",
  MESSAGE_NOT_JSON: "a test's client receives a message that is not JSON where it expects JSON",
  NO_EVENT: "`waitForEvent` sees no such event in time",
  RECORDING_NOT_WRITTEN:
    "the file of `record` cannot be written, or holds something else than a recording",
  RECORDING_UNREADABLE:
    "`replay` cannot read its file, or it is not a recording, cut off, or of another version",
  REPLAY_FAILED: "`replay` cannot repeat a write of the recording that no function made",
} as const;

/** Why the local gateway cannot do what it was asked to do. */
export type LocalGatewayErrorCode = keyof typeof ERROR_CODES;

/**
 * What the local gateway throws at its caller. The message is one sentence for people, at most two with advice; programs
 * look at `code`. `cause` is the error below it, when there is one.
 */
export class LocalGatewayError extends Error {
  readonly code: LocalGatewayErrorCode;

  constructor(code: LocalGatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalGatewayError";
    this.code = code;
  }
}
