import { once } from "node:events";
import type { WebSocket } from "ws";
import type { Command } from "./command.ts";
import { inTime } from "./in-time.ts";
import { Queue } from "./queue.ts";

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

/** A WebSocket client that waits for what it expects, and no longer than `patience` seconds. */
export class ProbeClient {
  readonly webSocket: WebSocket;
  readonly #patience: number;
  readonly #messages = new Queue<Received>();
  readonly #closed: Promise<Closed>;

  /** Takes a WebSocket that is still connecting. */
  constructor(webSocket: WebSocket, patience: number) {
    this.webSocket = webSocket;
    this.#patience = patience;
    webSocket.on("message", (data, binary) =>
      this.#messages.put({ text: data.toString(), binary }),
    );
    this.#closed = new Promise<Closed>((resolve) => {
      webSocket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    // How it ended is told by its close.
    webSocket.on("error", () => {});
  }

  /** Rejects when the upgrade is rejected. */
  async opened(): Promise<void> {
    await inTime(once(this.webSocket, "open"), this.#patience, "the end of the handshake");
  }

  send(text: string): void {
    this.webSocket.send(text);
  }

  /** Sends a message to a route of the probe application. */
  ask(action: string, command: Command): void {
    this.send(JSON.stringify({ action, ...command }));
  }

  async receiveMessage(seconds = this.#patience): Promise<Received> {
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
  async end(seconds = this.#patience): Promise<Closed> {
    return await inTime(this.#closed, seconds, "a close");
  }
}
