/**
 * The process of one execution environment: loads a handler, then runs one event at a time. Descriptor 3 is its channel
 * to the gateway, where a LoadMessage comes first. It reads neither its command line nor its environment
 * variables: they belong to the function, for which it sets the trace id of each event.
 */

import inspector from "node:inspector";
import { Socket } from "node:net";
import { createLogError, replaceConsole } from "./console.ts";
import { describeError, placeOf, RuntimeError } from "./errors.ts";
import {
  callWithCallback,
  createContext,
  type Handler,
  hasCallbacks,
  loadHandler,
  rejectCallbackHandler,
} from "./handler.ts";
import { provideLayers } from "./layers.ts";
import {
  formatRuntimeMessage,
  type InvokeMessage,
  type LoadMessage,
  MAX_LOG_LINE_LENGTH,
  MAX_PAYLOAD_BYTES,
  type RuntimeMessage,
  readLines,
} from "./messages.ts";
import { OutgoingCalls } from "./outgoing-calls.ts";
import { provideSdk } from "./provide-sdk.ts";
import { redirectFetch, redirectRequests } from "./redirect.ts";

/** The exit codes of Lambda's own runtime. */
const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

const channel = new Socket({ fd: 3, readable: true, writable: true });
// Begins each message. The handler cannot read it, so that its own writes to the channel do not count as messages.
let token = "";
let run: ((message: InvokeMessage) => Promise<void>) | undefined;

const calls = new OutgoingCalls((call) => send({ type: "background call", call }));
let requestId: string | undefined;
let logError: (title: string, thrown: unknown) => void = () => {};

// Ctrl-C reaches every process of a terminal, but the gateway still has $disconnect events to run here.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.on("SIGHUP", () => {});
// The gateway is gone, however it ended.
channel.on("error", () => process.exit());
channel.on("close", () => process.exit());

process.on("uncaughtException", (error) =>
  crash("Uncaught Exception", error, EXIT_UNCAUGHT_EXCEPTION),
);
process.on("unhandledRejection", (reason) =>
  crash("Unhandled Promise Rejection", unhandledRejection(reason), EXIT_UNHANDLED_REJECTION),
);
readLines(channel, { maxLength: Number.POSITIVE_INFINITY, onLine: receive });

function receive(line: string): void {
  const message: (LoadMessage & { readonly token: string }) | InvokeMessage = JSON.parse(line);
  if (message.type === "load") {
    token = message.token;
    void start(message);
  } else {
    void run?.(message);
  }
}

async function start(message: LoadMessage): Promise<void> {
  const { root, handler: name, runtime, logFormat, logLevel, inspectPort } = message;
  const { localHosts = {}, layers, sdk } = message;
  redirectRequests(localHosts);
  redirectFetch(localHosts);
  // The SDK of the runtime comes after the layers: a hook that is registered later is asked earlier.
  if (layers !== undefined) {
    provideLayers(runtime, layers);
  }
  if (sdk !== undefined) {
    provideSdk(runtime, sdk);
  }
  replaceConsole({
    logFormat,
    minLevel: logLevel,
    requestId: () => requestId,
    write: (line) => send({ type: "line", line: line.slice(0, MAX_LOG_LINE_LENGTH) }),
  });
  logError = createLogError(logFormat, console.error);
  if (inspectPort !== undefined) {
    openInspector(inspectPort);
  }
  try {
    const handler = await loadHandler(root, name);
    rejectCallbackHandler(handler, runtime);
    run = (invoke) => runEvent(handler, message, invoke);
    send({ type: "ready" });
  } catch (error) {
    crash("Uncaught Exception", error, EXIT_UNCAUGHT_EXCEPTION);
  }
}

function openInspector(port: number): void {
  inspector.open(port, "127.0.0.1");
  const url = inspector.url();
  if (url !== undefined) {
    send({ type: "inspected", url });
  }
}

async function runEvent(
  handler: Handler,
  message: LoadMessage,
  invoke: InvokeMessage,
): Promise<void> {
  requestId = invoke.requestId;
  // biome-ignore lint/style/noProcessEnv: the function reads it there, anew in each event.
  process.env._X_AMZN_TRACE_ID = invoke.traceId;
  const context = createContext(message.context, invoke);
  const call = hasCallbacks(message.runtime)
    ? callWithCallback.bind(undefined, channel)
    : callDirectly;
  try {
    const event = JSON.parse(invoke.event);
    const result = await calls.run(requestId, () => call(handler, event, context));
    const payload = serialize(result);
    const size = Buffer.byteLength(payload);
    send(size > MAX_PAYLOAD_BYTES ? { type: "too large", size } : { type: "returned", payload });
  } catch (error) {
    logError("Invoke Error", error);
    send({ type: "failed", ...describeError(error) });
  }
  calls.end();
}

async function callDirectly(handler: Handler, event: object, context: object): Promise<unknown> {
  return await handler(event, context);
}

function serialize(result: unknown): string {
  try {
    // JSON has no text at all for undefined, functions and symbols.
    return JSON.stringify(result) ?? "null";
  } catch (cause) {
    throw new RuntimeError("Runtime.MarshalError", `The result has no JSON: ${cause}`, { cause });
  }
}

function crash(title: string, error: unknown, exitCode: number): void {
  logError(title, error);
  const place = placeOf(error);
  const crashed = { type: "crashed", ...describeError(error), ...(place && { place }) } as const;
  send(crashed, () => process.exit(exitCode));
}

function unhandledRejection(reason: unknown): Error {
  const { errorType, errorMessage } = describeError(reason);
  const text = reason instanceof Error ? `${errorType}: ${errorMessage}` : errorMessage;
  return new RuntimeError("Runtime.UnhandledPromiseRejection", text, { cause: reason });
}

function send(message: RuntimeMessage, sent?: () => void): void {
  channel.write(formatRuntimeMessage(message, token), sent);
}
