import { createElement, element, timeElement } from "./elements.ts";
import { shorten } from "./message-text.ts";

/** How many frames stay in the page. */
const KEPT = 200;

const ARROWS = { sent: "↑", received: "↓", event: "•" } as const;

/** The frames as they go over the wire, newest first. */
export class FrameLog {
  readonly #list = element("frames", HTMLOListElement);
  readonly #count = element("frame-count", HTMLSpanElement);
  #total = 0;

  add({ direction, text }: RecordedFrame): void {
    const arrow = createElement("span", "arrow", ARROWS[direction]);
    arrow.ariaHidden = "true";
    const row = createElement(
      "li",
      `frame frame-${direction}`,
      arrow,
      createElement("span", "hidden", `${direction} `),
      timeElement(new Date(), "seconds"),
      createElement("code", "", shorten(text)),
    );
    this.#list.prepend(row);
    this.#total++;
    this.#count.textContent = String(this.#total);
    if (this.#total > KEPT) {
      this.#list.lastElementChild?.remove();
      this.#count.textContent = `last ${KEPT} of ${this.#total}`;
    }
  }

  clear(): void {
    this.#list.replaceChildren();
    this.#total = 0;
    this.#count.textContent = "0";
  }
}

/** One thing that happened on a WebSocket: a text, or its beginning or end. */
interface RecordedFrame {
  readonly direction: "sent" | "received" | "event";
  readonly text: string;
}

/** The browser's WebSocket, which also records every text and its own end, but not what it offers: that may be a token. */
export function recordingWebSocket(record: (frame: RecordedFrame) => void) {
  return class RecordingWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      this.addEventListener("open", () => record({ direction: "event", text: "opened" }));
      this.addEventListener("message", ({ data }: MessageEvent<unknown>) =>
        record({ direction: "received", text: String(data) }),
      );
      this.addEventListener("close", ({ code, reason }) =>
        record({ direction: "event", text: `closed with ${code} ${reason}`.trim() }),
      );
    }

    override send(text: string): void {
      record({ direction: "sent", text });
      super.send(text);
    }
  };
}
