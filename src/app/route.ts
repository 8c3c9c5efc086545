import type { Context } from "aws-lambda";
import type { ProxyResult } from "./proxy-result.ts";
import type { WebSocketEvent } from "./web-socket-event.ts";

/** The way from an event to a use case, and from its outcome to the function's result. */
export type Route = (event: WebSocketEvent, context: Context) => Promise<ProxyResult>;
