/**
 * The process of one execution environment: loads a handler, then runs one event at a time. It is started with an
 * `ipc` channel, through which a LoadMessage comes first. It reads neither its command line nor its environment
 * variables: they belong to the function, for which it sets the trace id of each event.
 */
import inspector from "node:inspector";
import { callWithCallback } from "./call-with-callback.ts";
import { createContext } from "./create-context.ts";
import { createLogError } from "./create-log-error.ts";
import { describeError } from "./describe-error.ts";
import { hasCallbacks } from "./has-callbacks.ts";
import { type Handler, loadHandler } from "./load-handler.ts";
import { OutgoingCalls } from "./outgoing-calls.ts";
import { placeOf } from "./place-of.ts";
import { provideSdk } from "./provide-sdk.ts";
import { redirectFetch } from "./redirect-fetch.ts";
import { redirectRequests } from "./redirect-requests.ts";
import { refuseCallbackHandler } from "./refuse-callback-handler.ts";
import { replaceConsole } from "./replace-console.ts";
import { RuntimeError } from "./runtime-error.ts";
import type { InvokeMessage, LoadMessage, RuntimeMessage } from "./runtime-message.ts";

/** The exit codes of Lambda's own runtime. */
const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

const channel = process.send?.bind(process);
if (channel === undefined) {
  throw new Error("The runtime needs an ipc channel to the process that started it");
}
// A function finds no such channel on Lambda.
delete process.send;

const calls = new OutgoingCalls((call) => send({ type: "late call", call }));
let requestId: string | undefined;
let logError: (title: string, thrown: unknown) => void = () => {};

// Ctrl-C reaches every process of a terminal, but the gateway still has $disconnect events to run here.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
// The gateway is gone, however it ended.
process.on("disconnect", () => process.exit());

process.on("uncaughtException", (error) =>
  crash("Uncaught Exception", error, EXIT_UNCAUGHT_EXCEPTION),
);
process.on("unhandledRejection", (reason) =>
  crash("Unhandled Promise Rejection", unhandledRejection(reason), EXIT_UNHANDLED_REJECTION),
);
process.once("message", (message: LoadMessage) => void start(message));

async function start(message: LoadMessage): Promise<void> {
  const { root, handler: name, runtime, logFormat, logLevel, inspectPort } = message;
  const { localHosts = {}, sdk } = message;
  redirectRequests(localHosts);
  redirectFetch(localHosts);
  if (sdk !== undefined) {
    provideSdk(runtime, sdk);
  }
  replaceConsole({
    logFormat,
    minLevel: logLevel,
    requestId: () => requestId,
    write: (line) => send({ type: "line", line }),
  });
  logError = createLogError(logFormat, console.error);
  if (inspectPort !== undefined) {
    openInspector(inspectPort);
  }
  try {
    const handler = await loadHandler(root, name);
    refuseCallbackHandler(handler, runtime);
    process.on("message", (invoke: InvokeMessage) => void run(handler, message, invoke));
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

async function run(handler: Handler, message: LoadMessage, invoke: InvokeMessage): Promise<void> {
  requestId = invoke.requestId;
  // biome-ignore lint/style/noProcessEnv: the function reads it there, anew in each event.
  process.env._X_AMZN_TRACE_ID = invoke.traceId;
  const context = createContext(message.context, invoke);
  const call = hasCallbacks(message.runtime) ? callWithCallback : callDirectly;
  try {
    const event = JSON.parse(invoke.event);
    const result = await calls.run(requestId, () => call(handler, event, context));
    send({ type: "returned", payload: serialize(result) });
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
  channel?.(message, undefined, undefined, sent);
}
