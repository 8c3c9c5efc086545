import type { ServerResponse } from "node:http";
import type { Timeline } from "../timeline/timeline.ts";
import { listedEntry } from "./masked-entry.ts";

/** How long entries are collected before they are sent, in milliseconds. */
const COLLECTING = 100;

/** The most entries in one event. */
const BATCH = 1_000;

/** Bytes that may wait for a page that does not read. It connects again, and receives what is still there. */
const MAX_WAITING = 16 * 1024 * 1024;

/** How often a quiet stream has a comment, so that nothing between takes it for dead; in milliseconds. */
const KEEP_ALIVE = 15_000;

/** What a page is sent, and from where on. */
interface StreamOptions {
  readonly timeline: Timeline;
  /** Names this run of the gateway. */
  readonly session: string;
  /** The id of the last entry that the page has. */
  readonly after: number;
  readonly bodies: boolean;
  /** What the page has to know before the entries; sent as the event `state`. */
  readonly state: object;
}

/**
 * Sends the entries of the timeline as server-sent events, those that are there first: lists of them, whose ids have
 * those of their last entries. Ends when the page goes away, or does not read.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function streamEntries(response: ServerResponse, options: StreamOptions): void {
  const { timeline, session, bodies, state } = options;
  let sent = options.after > timeline.entries.lastId ? 0 : options.after;
  let timer: NodeJS.Timeout | undefined;
  const write = (text: string) => {
    response.write(text);
    if (response.writableLength > MAX_WAITING) {
      response.destroy();
    }
  };
  const sendEntries = () => {
    timer = undefined;
    let batch: object[] = [];
    const flush = () => {
      if (batch.length > 0) {
        write(`id: ${session}-${sent}\nevent: entries\ndata: ${JSON.stringify(batch)}\n\n`);
        batch = [];
      }
    };
    for (const entry of timeline.entries.after(sent)) {
      batch.push(listedEntry(entry, bodies));
      sent = entry.id;
      if (batch.length === BATCH) {
        flush();
      }
    }
    flush();
  };
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  write(`event: state\ndata: ${JSON.stringify({ ...state, session, after: sent })}\n\n`);
  sendEntries();
  write("event: live\ndata: {}\n\n");
  const unsubscribe = timeline.subscribe(() => {
    timer ??= setTimeout(sendEntries, COLLECTING);
  });
  const keepAlive = setInterval(() => write(": \n\n"), KEEP_ALIVE).unref();
  response.on("close", () => {
    unsubscribe();
    clearTimeout(timer);
    clearInterval(keepAlive);
  });
}
