import type { WebSocketEvent } from "./web-socket-event.ts";

/** Every value that the upgrade has for a header, whose name is given in small letters. */
export function upgradeHeader(event: WebSocketEvent, name: string): readonly string[] {
  return Object.entries(event.multiValueHeaders ?? {})
    .filter(([written]) => written.toLowerCase() === name)
    .flatMap(([, values]) => values);
}
