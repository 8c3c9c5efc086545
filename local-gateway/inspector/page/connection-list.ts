import { type Answer, closeConnection, sendFrame } from "./api.ts";
import { announce, create, element, shortId } from "./elements.ts";
import type { Connection, Session } from "./session.ts";

/** The most connections in the document; those that are open come first. */
const MAX_SHOWN = 100;

/** The connections with their state, and what can be done with the one that is chosen. */
export class ConnectionList {
  readonly #session: Session;
  readonly #list = element("connections", HTMLUListElement);
  readonly #filter = element("connection-filter", HTMLSelectElement);
  readonly #actions = element("connection-actions", HTMLElement);
  readonly #outcome = element("connection-outcome", HTMLElement);
  readonly #choose: (connectionId: string | undefined) => void;
  #chosen: string | undefined;
  /** What the document shows. */
  #version = "";

  /** Shows the session's connections, and notifies `choose` of the one whose entries are to show. */
  constructor(session: Session, choose: (connectionId: string | undefined) => void) {
    this.#session = session;
    this.#choose = choose;
    this.#filter.addEventListener("change", () => choose(this.#filter.value || undefined));
    element("send", HTMLFormElement).addEventListener("submit", (event) => this.#send(event));
    element("close", HTMLFormElement).addEventListener("submit", (event) => this.#close(event));
    setInterval(() => this.#showAges(), 1_000);
  }

  set chosen(connectionId: string | undefined) {
    this.#chosen = connectionId;
    this.#outcome.textContent = "";
    this.refresh();
  }

  /** Shows the connections as they are now. */
  refresh(): void {
    const all = [...this.#session.connections.values()].toSorted(
      (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.connectedAt - a.connectedAt,
    );
    const open = all.filter(isOpen).length;
    const shown = all.slice(0, MAX_SHOWN);
    // A click on something that is replaced meanwhile would be lost.
    const version = JSON.stringify([this.#chosen, shown]);
    if (version !== this.#version) {
      this.#version = version;
      this.#show(shown);
    }
    const more = all.length > MAX_SHOWN ? `, ${all.length - MAX_SHOWN} not listed` : "";
    element("connection-count", HTMLElement).textContent = `${open} open${more}`;
    element("no-connections", HTMLElement).hidden = all.length > 0;
    const chosen = this.#session.connections.get(this.#chosen ?? "");
    this.#actions.hidden = chosen?.state !== "open";
  }

  #show(shown: readonly Connection[]): void {
    const focused = document.activeElement?.getAttribute("data-connection");
    this.#list.replaceChildren(...shown.map((connection) => this.#item(connection)));
    if (focused) {
      this.#list.querySelector<HTMLElement>(`[data-connection="${CSS.escape(focused)}"]`)?.focus();
    }
    this.#fillFilter(shown);
  }

  #item(connection: Connection): HTMLLIElement {
    const { connectionId, state, status, principalId, sourceIp } = connection;
    const choice = create(
      "button",
      "connection",
      create("span", "dot"),
      create("code", "", shortId(connectionId)),
      create("span", "who", principalId ?? sourceIp),
      create(
        "span",
        "since muted",
        [state, status, " "].filter(Boolean).join(" "),
        create("span", "age", isOpen(connection) ? age(connection.connectedAt) : ""),
      ),
    );
    choice.type = "button";
    choice.dataset.connection = connectionId;
    choice.dataset.state = state;
    choice.title = [connectionId, connection.userAgent].filter(Boolean).join("\n");
    choice.setAttribute("aria-pressed", String(connectionId === this.#chosen));
    choice.addEventListener("click", () =>
      this.#choose(connectionId === this.#chosen ? undefined : connectionId),
    );
    return create("li", "", choice);
  }

  #fillFilter(shown: readonly Connection[]): void {
    const ids = new Set(shown.map(({ connectionId }) => connectionId));
    if (this.#chosen !== undefined) {
      ids.add(this.#chosen);
    }
    this.#filter.replaceChildren(
      new Option("all", ""),
      ...[...ids].map((id) => new Option(shortId(id), id)),
    );
    this.#filter.value = this.#chosen ?? "";
  }

  #showAges(): void {
    for (const choice of this.#list.querySelectorAll<HTMLElement>("[data-state=open]")) {
      const connection = this.#session.connections.get(choice.dataset.connection ?? "");
      const shown = choice.querySelector(".age");
      if (connection && shown) {
        shown.textContent = age(connection.connectedAt);
      }
    }
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { value } = element("frame", HTMLTextAreaElement);
    this.#say(await sendFrame(this.#chosen ?? "", value), "The frame has been sent.");
  }

  async #close(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const code = Number(element("code", HTMLInputElement).value);
    const reason = element("reason", HTMLInputElement).value;
    const answer = await closeConnection(this.#chosen ?? "", { code, reason });
    this.#say(answer, "The connection closes.");
  }

  #say(answer: Answer<object>, success: string): void {
    const text = answer.ok ? success : answer.problem;
    this.#outcome.textContent = text;
    this.#outcome.dataset.ok = String(answer.ok);
    announce(text);
  }
}

function isOpen({ state }: Connection): boolean {
  return state === "open" || state === "connecting";
}

function age(since: number): string {
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1_000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) {
    return `${seconds} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}
