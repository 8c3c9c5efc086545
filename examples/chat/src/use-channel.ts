import { useCallback, useEffect, useRef, useState } from "react";
import { RelayClient, RelayError, type State } from "serverless-websocket-relay-client";

/** Where the relay is: that of `npm start` in the clone, unless the build says another. */
const RELAY_URL = import.meta.env.VITE_RELAY_URL ?? "ws://127.0.0.1:3300/dev";

/** What the list shows, the user's own messages included. */
export interface ChatMessage {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  /** What happened to a message of the user's own. */
  readonly status?: string;
}

interface Connection {
  readonly state: State;
  /** One sentence for people. */
  readonly reason: string;
}

/**
 * Joins a channel of the relay under a user's name, for as long as the component is there. The client reconnects by itself;
 * what is sent meanwhile waits.
 */
export function useChannel(user: string, channel: string) {
  const client = useRef<RelayClient>(undefined);
  const sent = useRef(0);
  const [connection, setConnection] = useState<Connection>({ state: "connecting", reason: "" });
  const [messages, setMessages] = useState<readonly ChatMessage[]>([]);

  useEffect(() => {
    // Those of another channel, or of another user.
    setMessages([]);
    let relay: RelayClient;
    try {
      relay = new RelayClient(RELAY_URL, { user, channel });
    } catch (error) {
      // For example, a name with a space in it.
      setConnection({ state: "closed", reason: sentenceOf(error) });
      return;
    }
    client.current = relay;
    for (const name of ["connecting", "open", "reconnecting", "closed"] as const) {
      relay.on(
        name,
        ({ state, reason }) => client.current === relay && setConnection({ state, reason }),
      );
    }
    relay.on("message", ({ messageId, from, data }) => {
      const sender = from.user ?? from.service ?? "somebody";
      setMessages((shown) => [...shown, { id: messageId, from: sender, text: textOf(data) }]);
    });
    return () => {
      client.current = undefined;
      relay.close();
    };
  }, [user, channel]);

  const send = useCallback(
    async (text: string) => {
      const relay = client.current;
      if (relay === undefined) {
        return;
      }
      // Not a UUID: browsers make those on HTTPS and localhost only.
      const id = `own-${++sent.current}`;
      const show = (status: string) =>
        setMessages((shown) =>
          shown.map((message) => (message.id === id ? { ...message, status } : message)),
        );
      setMessages((shown) => [...shown, { id, from: user, text, status: "Sending" }]);
      try {
        const { delivered } = await relay.send({ channel }, { text });
        show(`Delivered to ${delivered}`);
      } catch (error) {
        show(`Not delivered: ${sentenceOf(error)}`);
      }
    },
    [user, channel],
  );

  return { connection, messages, send };
}

/** Anyone in the channel may send anything: what is not of this chat's form is shown as JSON. */
function textOf(data: unknown): string {
  const isText = typeof data === "object" && data !== null && "text" in data;
  return isText && typeof data.text === "string" ? data.text : JSON.stringify(data);
}

function sentenceOf(error: unknown): string {
  return error instanceof RelayError ? `${error.message} (${error.code})` : String(error);
}
