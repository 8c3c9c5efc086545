import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { rejectUpgrade } from "../api-gateway/http-answers.ts";
import type { HttpListener } from "../api-gateway/http-listener.ts";
import type { CrossOriginProtection } from "../cross-origin-protection.ts";
import { readRequestBody } from "../http.ts";
import type { Timeline } from "../timeline/timeline.ts";
import {
  type ActionAnswer,
  closeConnection,
  exportFixture,
  type InspectedGateway,
  openEntry,
  rerunEntry,
  sendFrame,
} from "./actions.ts";
import { streamEntries } from "./event-stream.ts";
import { PageFiles } from "./page-files.ts";

/** What an inspector shows, and to whom. */
interface InspectorOptions {
  readonly listener: HttpListener;
  readonly timeline: Timeline;
  readonly gateway: InspectedGateway;
  readonly crossOrigin: CrossOriginProtection;
  /** Takes the sentence with which a request of a web page was rejected. */
  readonly onRejected: (problem: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Bytes of a request: a frame with its escapes. */
const MAX_BODY = 1024 * 1024;

/** The most connections that a page learns of at its start. */
const MAX_CONNECTIONS = 1_000;

const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** `/entries/ID`, `/entries/ID/ACTION` and `/connections/ID/ACTION`. */
const PATH = /^\/(?<what>entries|connections)\/(?<id>[^/]+)(?:\/(?<action>\w+))?$/;

const UNKNOWN: ActionAnswer = { status: 404, problem: "There is no such path." };

/**
 * The inspector: a page that shows the timeline and, for that page alone, what it reads and does. It listens on this machine
 * only, on a port of its own: so it has another origin than the pages of the application, and no stage can have its path.
 */
export class Inspector {
  readonly #options: InspectorOptions;
  readonly #page = new PageFiles();
  /** Distinguishes the ids of this run from those of another one on the same port. */
  readonly #session = randomUUID();

  /** Begins to serve on the listener, which it closes at its end. */
  constructor(options: InspectorOptions) {
    this.#options = options;
    options.listener.serve({
      request: (request, response) => void this.#serve(request, response),
      upgrade: (_request, socket) =>
        rejectUpgrade(socket, { status: 403, body: '{"message":"No WebSocket is here"}' }),
    });
  }

  /** Where the page is. */
  get url(): string {
    return `http://${this.#options.listener.host}:${this.#options.listener.port}/`;
  }

  /** Ends every stream. Twice is not an error. */
  async close(): Promise<void> {
    await this.#options.listener.close();
    await this.#page.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      this.#options.onError(error);
      if (response.headersSent) {
        response.destroy();
      } else {
        send(response, { status: 500, problem: "The inspector failed." });
      }
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { crossOrigin, timeline } = this.#options;
    const [pathname = "", query = ""] = (request.url ?? "").split("?", 2);
    const isApi = pathname === "/stream" || PATH.test(pathname);
    const checked = isApi ? crossOrigin.checkSameOrigin(request) : crossOrigin.checkHost(request);
    if (!checked.ok) {
      this.#options.onRejected(checked.problem);
      send(response, { status: 403, problem: checked.problem });
      return;
    }
    const bodies = new URLSearchParams(query).get("bodies") === "1";
    if (pathname === "/stream") {
      response.setHeaders(new Map(Object.entries(HEADERS)));
      const state = { connections: this.#connections() };
      const after = this.#lastId(request);
      streamEntries(response, { timeline, state, bodies, after, session: this.#session });
    } else if (isApi) {
      send(response, await this.#act(request, pathname, bodies));
    } else if (/^(GET|HEAD)$/.test(request.method ?? "")) {
      await (await this.#page.files).answer(request, response, pathname);
    } else {
      send(response, UNKNOWN);
    }
  }

  async #act(request: IncomingMessage, pathname: string, bodies: boolean): Promise<ActionAnswer> {
    const { gateway, timeline } = this.#options;
    const { entries } = timeline;
    const { what, id: encoded = "", action } = PATH.exec(pathname)?.groups ?? {};
    const id = decoded(encoded);
    if (request.method === "GET" && what === "entries") {
      if (action === undefined) {
        return openEntry(entries, id, bodies);
      }
      return action === "fixture" ? exportFixture(entries, id) : UNKNOWN;
    }
    if (request.method !== "POST") {
      return UNKNOWN;
    }
    const body = await readJson(request);
    if (what === "entries" && action === "rerun") {
      return await rerunEntry(entries, id, { gateway, bodies });
    }
    if (what === "connections" && action === "frames") {
      return sendFrame(gateway, id, body);
    }
    return what === "connections" && action === "close"
      ? closeConnection(gateway, id, body)
      : UNKNOWN;
  }

  #connections(): readonly object[] {
    return this.#options.gateway.connections().slice(0, MAX_CONNECTIONS);
  }

  /** The last entry that a page has which connects again; 0 when it has none of this run. */
  #lastId({ headers }: IncomingMessage): number {
    const last = String(headers["last-event-id"] ?? "");
    return last.startsWith(this.#session) ? Number(last.slice(this.#session.length + 1)) : 0;
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The JSON of a request; undefined when there is none. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const read = await readRequestBody(request, MAX_BODY);
  try {
    return read.kind === "complete" ? JSON.parse(read.body.toString()) : undefined;
  } catch {
    return;
  }
}

function send(
  response: ServerResponse,
  answer: ActionAnswer | { readonly status: 403 | 500; readonly problem: string },
): void {
  const headers = { ...HEADERS, "content-type": "application/json" };
  if (answer.status !== 200) {
    response.writeHead(answer.status, headers).end(JSON.stringify({ message: answer.problem }));
    return;
  }
  const { body, fileName } = answer;
  const disposition = fileName && { "content-disposition": `attachment; filename="${fileName}"` };
  response
    .writeHead(200, { ...headers, ...disposition })
    .end(`${JSON.stringify(body, undefined, 2)}\n`);
}
