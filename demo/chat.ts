import { RelayClient, type State, type StateChange } from "../client/index.ts";
import { Composer } from "./composer.ts";
import { ConnectionBar } from "./connection-bar.ts";
import { element } from "./elements.ts";
import { FrameLog, recordingWebSocket } from "./frame-log.ts";
import type { Joining } from "./join-form.ts";
import { MessageList } from "./message-list.ts";
import { Outgoing } from "./outgoing.ts";
import { describeRejection, type Problem } from "./problem.ts";

/** How long a message waits for its answer, in milliseconds: long enough for a short time without a network. */
const SEND_TIMEOUT = 120_000;

/** Receives the beginning and the end of a conversation. */
export interface ChatOwner {
  /** There is a connection: the conversation shows. */
  begun(): void;
  /** It has ended, or could not begin; with the reason unless the user ended it. */
  ended(problem?: Problem): void;
}

/** The conversation of one person, from joining to leaving. It may be joined again afterwards. */
export class Chat {
  readonly #section = element("chat", HTMLElement);
  readonly #bar = new ConnectionBar();
  readonly #frames = new FrameLog();
  readonly #messages = new MessageList({
    answer: (to) => this.#composer.address(to),
    sendAgain: (to, text) => this.#outgoing.send(to, text),
  });
  readonly #composer = new Composer((to, text) => this.#outgoing.send(to, text));
  readonly #outgoing = new Outgoing(this.#messages, this.#composer);
  readonly #owner: ChatOwner;
  #client: RelayClient | undefined;
  #state: State = "closed";
  #url = "";
  #attempts = 0;

  constructor(owner: ChatOwner) {
    this.#owner = owner;
    element("leave", HTMLButtonElement).addEventListener("click", () => this.leave());
    // Browsers may not report it to the WebSocket, and an attempt would only end by its timeout.
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      if (effectiveDirective === "connect-src" && this.#state === "connecting") {
        const { host } = new URL(this.#url);
        const text = `This page comes from ${location.host} and may not connect to ${host}: it reaches its own host and wss:// addresses only.`;
        this.leave({ field: "url", text });
      }
    });
  }

  /** Begins to connect; the conversation shows with the first connection. Throws when the address, a name or the token is not valid. */
  join({ url, user, channel, token }: Joining): void {
    const WebSocket = recordingWebSocket((frame) => this.#frames.add(frame));
    const client = new RelayClient(url, {
      user,
      channel,
      token,
      sendTimeout: SEND_TIMEOUT,
      WebSocket,
    });
    this.#client = client;
    this.#url = url;
    this.#attempts = 0;
    this.#outgoing.use(client);
    this.#frames.clear();
    this.#messages.clear();
    show("channel-name", channel ?? "No channel");
    show("own-name", user);
    client.on("message", (message) => this.#messages.addReceived(message));
    client.on("text", (text) => this.#messages.addBare(text));
    client.on("error", ({ message, code }) => this.#messages.addNote(`${message} (${code})`));
    for (const state of ["connecting", "open", "reconnecting", "closed"] as const) {
      client.on(state, (change) => this.#changed(client, change));
    }
    const stop = client.on("open", () => {
      stop();
      this.#section.hidden = false;
      this.#composer.reset(channel);
      this.#owner.begun();
    });
  }

  /** Ends the conversation, or the attempts to connect. */
  leave(problem?: Problem): void {
    const client = this.#client;
    this.#client = undefined;
    client?.close();
    this.#section.hidden = true;
    this.#owner.ended(problem);
  }

  #changed(client: RelayClient, change: StateChange): void {
    const { state, reason } = change;
    this.#bar.show(change);
    if (state === "connecting") {
      this.#attempts++;
    } else if (state === "open" && this.#state !== "open") {
      const text = this.#state === "reconnecting" ? "Connected again." : reason;
      this.#messages.addNote(text, { before: this.#outgoing.goOn() });
    } else if (state === "reconnecting" && this.#state === "open") {
      this.#messages.addNote(`${reason} Connecting again…`, { isSilent: true });
    } else if (state === "closed" && client === this.#client) {
      this.leave({ text: describeRejection(this.#url, this.#attempts, change) });
    }
    this.#state = state;
  }
}

/** A name in one line, and whole in its title. */
function show(id: string, name: string): void {
  const shown = element(id, HTMLElement);
  shown.textContent = shown.title = name;
}
