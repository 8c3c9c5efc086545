import { once } from "node:events";
import { WebSocket } from "ws";
import { Inbox } from "../support/inbox.ts";

/** A message of the inspector: the result of a command, or an event. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** A script as `Debugger.scriptParsed` describes it. */
export interface ParsedScript {
  readonly url: string;
  readonly sourceMapURL: string;
}

/** The place where the function stopped, from `Debugger.paused`; lines and columns count from 0. */
export interface Pause {
  readonly callFrames: readonly {
    readonly callFrameId: string;
    readonly location: { readonly lineNumber: number; readonly columnNumber: number };
  }[];
}

/** Attaches to an environment as a debugger does; disposing detaches. */
export async function attachDebugger(url: string) {
  const socket = new WebSocket(url);
  const results = new Map<number, (result: unknown) => void>();
  const scripts = new Inbox<ParsedScript>();
  const pauses = new Inbox<Pause>();
  let commands = 0;
  socket.on("message", (data) => {
    const { id, method, params, result }: Message = JSON.parse(String(data));
    if (id !== undefined) {
      results.get(id)?.(result);
    } else if (method === "Debugger.scriptParsed") {
      scripts.put(params as ParsedScript);
    } else if (method === "Debugger.paused") {
      pauses.put(params as Pause);
    }
  });
  await once(socket, "open");
  return {
    scripts,
    pauses,
    async command(method: string, params: object = {}): Promise<unknown> {
      commands += 1;
      const id = commands;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      results.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
      return await promise;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}
