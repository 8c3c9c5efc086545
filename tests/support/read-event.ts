import { readFileSync } from "node:fs";
import type { WebSocketEvent } from "../../src/app/event.ts";

/** A fresh copy of one of the recorded-shape events in `events/`, by its file name without the ending. */
export function readEvent(name: string): WebSocketEvent {
  const file = new URL(`../../events/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}
