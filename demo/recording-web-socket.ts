/** One thing that happened on a WebSocket: a text, or its beginning or end. */
export interface RecordedFrame {
  readonly direction: "sent" | "received" | "event";
  readonly text: string;
}

/** A WebSocket of the browser's that tells everything that goes over it. What it offers (a token, perhaps) it does not. */
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
