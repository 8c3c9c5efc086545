import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** An entry, as the stream has it. */
export interface StreamedEntry {
  readonly id: number;
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** Reads the stream of an inspector, from its beginning or from what a page has already; disposing ends that. */
export async function readStream(inspectorUrl: string, query = "", lastEventId = "") {
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(new URL(`stream${query}`, inspectorUrl), {
    signal,
    headers: { "last-event-id": lastEventId },
  });
  const body = response.body ?? new ReadableStream();
  const lines = createInterface(Readable.fromWeb(body as never))[Symbol.asyncIterator]();
  const entries: StreamedEntry[] = [];
  let text = "";
  let event = "";
  return {
    headers: response.headers,
    /** All that has been sent so far. */
    get text() {
      return text;
    },
    /** Reads on to the first entry with these members; looks at those that are there already first. */
    async find(members: Readonly<Record<string, unknown>>): Promise<StreamedEntry> {
      const isMeant = (entry: StreamedEntry) =>
        Object.entries(members).every(([name, value]) => entry[name] === value);
      for (;;) {
        const found = entries.find(isMeant);
        if (found) {
          return found;
        }
        const { value = "", done } = await lines.next();
        if (done) {
          throw new Error("The stream has ended.");
        }
        text += `${value}\n`;
        event = /^event: (.*)/.exec(value)?.[1] ?? event;
        const [, data] = /^data: (.*)/.exec(value) ?? [];
        if (event === "entries" && data !== undefined) {
          entries.push(...JSON.parse(data));
        }
      }
    },
    /** Those that have been read, of one request. */
    ofRequest: (requestId: unknown) => entries.filter((entry) => entry.requestId === requestId),
    [Symbol.asyncDispose]: async () => controller.abort(),
  };
}

/** What the inspector answers; the members depend on the call. */
interface InspectorAnswer {
  readonly content: string;
  readonly problem?: string;
  readonly [member: string]: unknown;
}

/** Calls the inspector, and gives the status and the JSON of its answer. */
export async function call(inspectorUrl: string, path: string, init: RequestInit = {}) {
  const response = await fetch(new URL(path, inspectorUrl), init);
  const body = (await response.json()) as InspectorAnswer;
  return { status: response.status, body, headers: response.headers };
}

/** Posts to the inspector, as its page does. */
export function post(inspectorUrl: string, path: string, body: object = {}) {
  const origin = new URL(inspectorUrl).origin;
  return call(inspectorUrl, path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { origin },
  });
}
