import {
  type Channel,
  type Positions,
  RelayClient,
  type RelayMessage,
  type State,
  type StateChange,
} from "../client/index.ts";
import { Composer } from "./composer.ts";
import { ConnectionBar } from "./connection-bar.ts";
import type { Conversation } from "./conversation.ts";
import { Conversations } from "./conversations.ts";
import { element, rejectField } from "./elements.ts";
import { EndNotice } from "./end-notice.ts";
import { FrameLog, recordingWebSocket } from "./frame-log.ts";
import type { Joining } from "./join-form.ts";
import type { MessageList } from "./message-list.ts";
import { Outgoing } from "./outgoing.ts";
import {
  describeChannelClosed,
  describeClosed,
  isPresenceRejection,
  MAX_ATTEMPTS,
  type Problem,
  toProblem,
} from "./problem.ts";
import { StoredPositions } from "./stored-positions.ts";

/** How many messages show that were there before, in a channel that the page has not been in yet. */
const LAST = 50;
/** How long a message waits for its answer, in milliseconds: long enough for a short time without a network. */
const SEND_TIMEOUT = 120_000;

/** Receives the beginning and the end of a chat. */
export interface ChatOwner {
  /** There is a connection: the conversations show. */
  begun(): void;
  /** It has ended, or could not begin; with the reason unless the user ended it. */
  ended(problem?: Problem): void;
}

/** The conversations of one person, from joining to leaving. It may be joined again afterwards. */
export class Chat {
  readonly #section = element("chat", HTMLElement);
  readonly #toggle = element("channels-toggle", HTMLButtonElement);
  readonly #bar = new ConnectionBar();
  readonly #frames = new FrameLog();
  readonly #notice = new EndNotice(() => this.#goOn());
  readonly #conversations = new Conversations({
    shown: ({ channel }) => {
      this.#composer.show(channel);
      this.#showEnd();
    },
    left: (conversation) => {
      const { channel, subscription } = conversation;
      // What it emits from now on is of no interest.
      conversation.subscription = undefined;
      subscription?.unsubscribe();
      this.#composer.forget(channel);
    },
    answer: (to) => {
      this.#conversations.show(this.#conversations.direct);
      this.#composer.address(to);
    },
    sendAgain: ({ messages }, to, text) => this.#outgoing.send(messages, to, text),
  });
  readonly #composer = new Composer({
    send: (to, text) => this.#outgoing.send(this.#conversations.shown.messages, to, text),
    back: () => this.#conversations.back(),
  });
  readonly #outgoing = new Outgoing(this.#composer);
  readonly #owner: ChatOwner;
  #joining: Joining = { url: "", user: "", channel: undefined, token: undefined };
  #client: RelayClient | undefined;
  #state: State = "closed";
  #attempts = 0;
  /** Where the client goes on in its channels, and when it was made. */
  #positions: Positions = {};
  #connectedAt = 0;
  /** Whether the conversations show. */
  #isBegun = false;
  /** Why there is no connection, and none is on its way. */
  #end = "";

  constructor(owner: ChatOwner) {
    this.#owner = owner;
    element("leave", HTMLButtonElement).addEventListener("click", () => this.leave());
    const name = element("channel-to-join", HTMLInputElement);
    element("join-channel", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      try {
        this.#open(name.value.trim());
        name.value = "";
      } catch (error) {
        rejectField(name, toProblem(error).text);
      }
    });
    // Browsers may not report it to the WebSocket, and an attempt would only end by its timeout.
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      if (effectiveDirective === "connect-src" && this.#state === "connecting") {
        const { host } = new URL(this.#joining.url);
        const text = `This page comes from ${location.host} and may not connect to ${host}: it reaches its own host and wss:// addresses only.`;
        this.leave({ field: "url", text });
      }
    });
  }

  /** Begins to connect; the conversations show with the first connection. Throws when the address, a name or the token is not valid. */
  join(joining: Joining): void {
    const { user, channel } = joining;
    this.#joining = joining;
    this.#isBegun = false;
    this.#frames.clear();
    this.#composer.reset();
    this.#conversations.reset(user.normalize());
    const own = element("own-name", HTMLElement);
    own.textContent = own.title = user;
    this.#connect();
    if (channel !== undefined) {
      try {
        this.#open(channel);
      } catch (error) {
        this.#drop();
        throw error;
      }
    }
  }

  /** Ends the conversations, or the attempts to connect. */
  leave(problem?: Problem): void {
    this.#drop();
    this.#conversations.reset("");
    this.#section.hidden = this.#toggle.hidden = true;
    this.#owner.ended(problem);
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.close();
  }

  /** Begins to connect, to be in the channels of all conversations. */
  #connect(): void {
    const { url, user, token } = this.#joining;
    const stored = new StoredPositions(url, user);
    this.#positions = stored.read() ?? {};
    this.#connectedAt = Date.now();
    const client = new RelayClient(url, {
      user,
      token,
      history: true,
      last: LAST,
      positions: this.#positions,
      sendTimeout: SEND_TIMEOUT,
      maxAttempts: MAX_ATTEMPTS,
      WebSocket: recordingWebSocket((frame) => this.#frames.add(frame)),
    });
    this.#client = client;
    this.#attempts = 0;
    this.#end = "";
    this.#outgoing.use(client);
    client.on("message", (message) => this.#receive(message));
    client.on("gap", (gap) => this.#conversations.get(gap.channel)?.messages.addGap(gap));
    stored.follow(client);
    client.on("text", (text) => {
      const { direct } = this.#conversations;
      direct.messages.addBare(text);
      this.#conversations.addUnread(direct);
    });
    client.on("error", ({ message, code }) => {
      // Most relays keep no history, and the page does without.
      if (code !== "NO_HISTORY") {
        this.#conversations.shown.messages.addNote(`${message} (${code})`);
      }
    });
    for (const state of ["connecting", "open", "reconnecting", "closed"] as const) {
      client.on(state, (change) => this.#changed(client, change));
    }
    for (const conversation of this.#conversations.all) {
      if (conversation.channel !== undefined && conversation.end === "") {
        const channel = client.subscribe(conversation.channel, { presence: true });
        this.#follow(client, conversation, channel);
      }
    }
  }

  /** Shows a channel, and joins it if the user is not in it. Throws when the name is not valid. */
  #open(name: string): void {
    let conversation = this.#conversations.get(name.normalize());
    const client = this.#client;
    if (client && conversation?.end !== "") {
      const channel = client.subscribe(name, { presence: true });
      conversation ??= this.#conversations.add(channel.name);
      conversation.end = "";
      this.#follow(client, conversation, channel);
    }
    if (conversation) {
      this.#conversations.show(conversation);
    }
  }

  /** Shows what happens to the user in a channel, and to others. */
  #follow(client: RelayClient, conversation: Conversation, channel: Channel, isLive = true): void {
    const { people } = conversation;
    conversation.subscription = channel;
    const position = new Map(Object.entries(this.#positions)).get(channel.name);
    if (
      position &&
      conversation.begin({ sequence: position.sequence + 1, epoch: position.epoch })
    ) {
      // What was shown before the page was loaded is shown again.
      void conversation.readOlder();
    }
    people.clear();
    if (!isLive) {
      people.askOnly(channel);
    }
    channel.on("presence", (change) => people.change(change));
    channel.on("closed", (closed) => {
      if (channel !== conversation.subscription || client.state === "closed") {
        return;
      }
      if (isLive && isPresenceRejection(closed)) {
        this.#follow(client, conversation, client.subscribe(channel.name), false);
        return;
      }
      people.clear();
      conversation.end = describeChannelClosed(closed);
      conversation.messages.addNote(conversation.end, { isSilent: true });
      if (conversation === this.#conversations.shown) {
        this.#showEnd();
      } else {
        this.#conversations.notify(`${conversation.title}: ${conversation.end}`);
      }
    });
  }

  #receive(message: RelayMessage): void {
    const conversation = this.#conversations.get(message.to.channel);
    if (!conversation) {
      return;
    }
    const isOwn = conversation.isOwn(message);
    const isSilent = Date.parse(message.sentAt) < this.#connectedAt;
    conversation.begin(message);
    if (conversation.messages.addReceived(message, { isOwn, isSilent }) && !isOwn && !isSilent) {
      this.#conversations.addUnread(conversation);
    }
  }

  #changed(client: RelayClient, change: StateChange): void {
    const { state, reason } = change;
    this.#bar.show(change);
    if (state === "connecting") {
      this.#attempts++;
    } else if (state === "open" && this.#state !== "open") {
      const text = this.#state === "reconnecting" ? "Connected again." : reason;
      this.#attempts = 0;
      this.#addNotes(text, { before: this.#outgoing.goOn() });
      this.#begin();
    } else if (state === "reconnecting" && this.#state === "open") {
      this.#addNotes(`${reason} Connecting again…`, { isSilent: true });
    } else if (state === "closed" && client === this.#client) {
      this.#close(describeClosed(this.#joining.url, this.#attempts, change));
    }
    this.#state = state;
  }

  #addNotes(...note: Parameters<MessageList["addNote"]>): void {
    for (const { messages } of this.#conversations.all) {
      messages.addNote(...note);
    }
  }

  /** There is a connection: the first one shows the conversations. */
  #begin(): void {
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#section.hidden = this.#toggle.hidden = false;
      // Only now its field can have the focus.
      this.#conversations.show(this.#conversations.shown);
      this.#owner.begun();
    }
  }

  /** There is no connection, and none is on its way. */
  #close(text: string): void {
    if (!this.#isBegun) {
      this.leave({ text });
      return;
    }
    this.#end = text;
    this.#addNotes(text, { isSilent: true });
    for (const { people } of this.#conversations.all) {
      people.clear();
    }
    this.#showEnd();
  }

  #showEnd(): void {
    const text = this.#end || this.#conversations.shown.end;
    this.#notice.show(text, this.#end ? "Connect again" : "Join again");
    this.#composer.allow(text === "");
  }

  /** The user wants to be connected again, or to be in the channel again that shows. */
  #goOn(): void {
    const { shown } = this.#conversations;
    if (this.#end) {
      this.#connect();
      this.#conversations.show(shown);
    } else if (shown.channel !== undefined) {
      this.#open(shown.channel);
    }
  }
}
