import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import type { Endpoint } from "./target.ts";
import { inTime, Queue } from "./waiting.ts";

/** What a probe asks the function of `template.yaml` to do; `app/perform.mjs` does it. */
export type Command =
  | { readonly do: "return"; readonly result?: unknown }
  | { readonly do: "return nothing" | "throw" | "delete" | "post to a wrong path" }
  | { readonly do: "write"; readonly note: string; readonly value: unknown }
  | { readonly do: "read" | "count" | "count and throw"; readonly note: string }
  | { readonly do: "wait for a note"; readonly note: string; readonly result?: unknown }
  | { readonly do: "sleep"; readonly milliseconds: number; readonly note: string }
  | { readonly do: "return much"; readonly size: number }
  | { readonly do: "note a post" | "note the event"; readonly note: string }
  | {
      readonly do: "post";
      /** The function's own connection when absent. */
      readonly connectionId?: string;
      readonly data: string;
      readonly result?: unknown;
    };

/** How a connection ended, as its client saw it. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A message as it came. */
export interface Received {
  readonly text: string;
  readonly binary: boolean;
}

/** A WebSocket client that waits for what it expects, and no longer than `timeout` seconds. */
export class ProbeClient {
  readonly webSocket: WebSocket;
  readonly #timeout: number;
  readonly #messages = new Queue<Received>();
  readonly #closed: Promise<Closed>;

  /** Takes a WebSocket that is still connecting. */
  constructor(webSocket: WebSocket, timeout: number) {
    this.webSocket = webSocket;
    this.#timeout = timeout;
    webSocket.on("message", (data, binary) =>
      this.#messages.put({ text: data.toString(), binary }),
    );
    this.#closed = new Promise<Closed>((resolve) => {
      webSocket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    // The close says how it ended.
    webSocket.on("error", () => {});
  }

  /** Rejects when the upgrade is rejected. */
  async opened(): Promise<void> {
    await inTime(once(this.webSocket, "open"), this.#timeout, "the end of the handshake");
  }

  send(text: string): void {
    this.webSocket.send(text);
  }

  /** Sends a message to a route of the probe application. */
  ask(action: string, command: Command): void {
    this.send(JSON.stringify({ action, ...command }));
  }

  async receiveMessage(seconds = this.#timeout): Promise<Received> {
    return await inTime(this.#messages.take(), seconds, "a message");
  }

  async receive(): Promise<string> {
    const { text } = await this.receiveMessage();
    return text;
  }

  /** Sends a command to the two-way route, and gives its answer, read as JSON. */
  async answer(command: Command): Promise<unknown> {
    this.ask("answer", command);
    return JSON.parse(await this.receive());
  }

  /** How the connection ends. Rejects when it stays open. */
  async end(seconds = this.#timeout): Promise<Closed> {
    return await inTime(this.#closed, seconds, "a close");
  }
}

/** Close to the idle timeout, and yet clearly before it. */
const NEARLY = 0.6;

/** Waits not quite as long as the idle timeout. */
export async function nearlyIdle({ idleTimeout }: Endpoint): Promise<void> {
  await sleep(idleTimeout * NEARLY * 1000);
}

/** Waits until the gateway closes an idle connection, as it always does, and says how many seconds that took. */
export async function idleCloseSeconds(
  { idleTimeout, timeout }: Endpoint,
  client: ProbeClient,
): Promise<number> {
  const begin = performance.now();
  const closed = await client.end(idleTimeout + timeout);
  assert.deepEqual(closed, { code: 1001, reason: "Going away" });
  return (performance.now() - begin) / 1000;
}
