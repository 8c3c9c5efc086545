import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { ClientRequest } from "node:http";
import type { BackgroundCall } from "../function-report.ts";

/** A request as fetch publishes it on its channels. */
interface FetchRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
}

/** A call without an answer yet. */
interface OpenCall {
  readonly requestId: string;
  readonly request: ClientRequest | FetchRequest;
}

const BEGINNINGS = ["http.client.request.created", "undici:request:create"];
/** An answer counts from its headers on: some callers never read the body. */
const ENDINGS = [
  "http.client.response.finish",
  "http.client.request.error",
  "undici:request:headers",
  "undici:request:error",
];

/**
 * Watches the HTTP calls of a function, made with http, https or fetch, and reports those that outlive the invocation
 * which began them. A call that began in no invocation, for example in a timer that the module set when it was loaded,
 * is not reported while an event runs.
 */
export class OutgoingCalls {
  readonly #invocation = new AsyncLocalStorage<string>();
  readonly #open = new Map<object, OpenCall>();
  readonly #report: (call: BackgroundCall) => void;
  #running: string | undefined;
  #last: string | undefined;

  constructor(report: (call: BackgroundCall) => void) {
    this.#report = report;
    for (const channel of BEGINNINGS) {
      subscribe(channel, (message) => this.#begin(requestOf(message)));
    }
    for (const channel of ENDINGS) {
      subscribe(channel, (message) => this.#open.delete(requestOf(message)));
    }
  }

  /** Runs one invocation: the calls of `work`, at once or later, belong to it. Settles as `work` does. */
  async run<Result>(requestId: string, work: () => Promise<Result>): Promise<Result> {
    this.#running = requestId;
    this.#last = requestId;
    return await this.#invocation.run(requestId, work);
  }

  /** Reports the calls in flight. To be called once the invocation has been answered. */
  end(): void {
    this.#running = undefined;
    for (const { requestId, request } of this.#open.values()) {
      if (!(request instanceof ClientRequest && request.destroyed)) {
        this.#report({ requestId, begun: "before", ...describe(request) });
      }
    }
    this.#open.clear();
  }

  #begin(request: ClientRequest | FetchRequest): void {
    const own = this.#invocation.getStore();
    if (own !== undefined && own === this.#running) {
      this.#open.set(request, { requestId: own, request });
      return;
    }
    const requestId = own ?? (this.#running === undefined ? this.#last : undefined);
    if (requestId !== undefined) {
      this.#report({ requestId, begun: "after", ...describe(request) });
    }
  }
}

function requestOf(message: unknown): ClientRequest | FetchRequest {
  return (message as { readonly request: ClientRequest | FetchRequest }).request;
}

function describe(
  request: ClientRequest | FetchRequest,
): Pick<BackgroundCall, "method" | "target"> {
  const host =
    request instanceof ClientRequest
      ? String(request.getHeader("host") ?? request.host)
      : new URL(request.origin).host;
  return { method: request.method, target: `${host}${request.path.replace(/\?.*$/s, "")}` };
}
