import type { ListedEntry, OpenedEntry } from "../masked-entry.ts";
import { type EntryWithLines, fetchEntry, rerun } from "./api.ts";
import { kindOf, subjectOf } from "./describe-entry.ts";
import {
  announce,
  button,
  clockTime,
  create,
  element,
  inBytes,
  inMilliseconds,
} from "./elements.ts";
import type { Session } from "./session.ts";

/** Related entries that are listed, at most. */
const MAX_RELATED = 50;

/** What the panel asks of the page. */
interface PanelOptions {
  readonly session: Session;
  readonly bodies: () => boolean;
  /** Opens another entry. */
  readonly open: (entry: ListedEntry) => void;
  /** Shows the entries of one connection. */
  readonly filterBy: (connectionId: string) => void;
  readonly onClose: (id: number) => void;
}

/** One entry, whole: what it is, its content, the lines of its function, what belongs to it, and what can be done with it. */
export class EntryPanel {
  readonly #options: PanelOptions;
  readonly #panel = element("entry", HTMLElement);
  readonly #title = element("entry-title", HTMLElement);
  readonly #body = element("entry-body", HTMLElement);
  #entry: ListedEntry | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
    element("close-entry", HTMLButtonElement).addEventListener("click", () => this.close());
    this.#panel.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") {
        this.close();
      }
    });
  }

  /** Shows an entry, and moves the focus to it. */
  async open(entry: ListedEntry): Promise<void> {
    this.#entry = entry;
    this.#title.textContent = [kindOf(entry), subjectOf(entry)].filter(Boolean).join(": ");
    this.#panel.hidden = false;
    document.body.dataset.entry = "open";
    await this.refresh();
    this.#title.focus();
  }

  /** Fetches the entry that is open anew, because bodies are asked for, or no more. */
  async refresh(): Promise<void> {
    const entry = this.#entry;
    if (entry === undefined) {
      return;
    }
    const answer = await fetchEntry(entry.id, this.#options.bodies());
    if (this.#entry !== entry) {
      return;
    }
    this.#body.replaceChildren(
      ...(answer.ok ? this.#describe(answer.body) : [create("p", "problem", answer.problem)]),
    );
  }

  close(): void {
    const { id } = this.#entry ?? {};
    this.#entry = undefined;
    this.#panel.hidden = true;
    delete document.body.dataset.entry;
    if (id !== undefined) {
      this.#options.onClose(id);
    }
  }

  #describe(entry: EntryWithLines): readonly Node[] {
    const { content, problem, masked, lines } = entry;
    const hidden = masked && (content !== undefined || problem !== undefined);
    return [
      this.#facts(entry),
      ...(problem === undefined ? [] : [create("p", "problem", problem)]),
      ...(hidden ? [create("p", "muted", "Values are masked: “Show bodies” shows them.")] : []),
      ...(content === undefined ? [] : [code(content, "Content")]),
      ...(entry.kind === "event" ? [this.#eventActions(entry.id)] : []),
      ...(lines.length === 0
        ? []
        : [create("h3", "", "Lines of the function"), code(lines.map(lineOf).join("\n"), "Lines")]),
      ...this.#related(entry),
    ];
  }

  #facts(entry: EntryWithLines): HTMLElement {
    const { time, connectionId, requestId, functionId, routeKey, status, client } = entry;
    const { duration, size, note, name } = entry;
    const facts: readonly (readonly [string, string | Node | undefined])[] = [
      ["Time", clockTime(time)],
      ["Connection", connectionId && this.#connectionLink(connectionId)],
      ["Request", requestId],
      ["Function", functionId],
      ["Route", routeKey],
      [entry.kind === "post" ? "Method" : "What", name],
      ["Note", note],
      [entry.kind === "closed" ? "Close code" : "Status", status?.toString()],
      ["Duration", duration === undefined ? undefined : inMilliseconds(duration)],
      ["Size", size === undefined ? undefined : inBytes(size)],
      ["Stage", client?.stage],
      ["Address", client?.sourceIp],
      ["Principal", client?.principalId],
      ["User agent", client?.userAgent],
    ];
    const list = create("dl", "");
    for (const [term, value] of facts) {
      if (value !== undefined && value !== "") {
        list.append(create("dt", "", term), create("dd", "", value));
      }
    }
    return list;
  }

  #connectionLink(connectionId: string): HTMLElement {
    const filter = button(connectionId, () => this.#options.filterBy(connectionId));
    filter.className = "link";
    filter.title = "Show the entries of this connection";
    return filter;
  }

  #eventActions(id: number): HTMLElement {
    const outcome = create("div", "");
    const fixture = create("a", "button", "Export as a fixture");
    fixture.href = `entries/${id}/fixture`;
    fixture.download = "";
    const run = button("Run again", async () => {
      run.disabled = true;
      const answer = await rerun(id, this.#options.bodies());
      run.disabled = false;
      outcome.replaceChildren(
        ...(answer.ok ? describeResult(answer.body) : [create("p", "problem", answer.problem)]),
      );
      announce(answer.ok ? "The event has run again." : answer.problem);
    });
    return create("div", "", create("div", "actions", run, fixture), outcome);
  }

  #related(entry: ListedEntry): readonly Node[] {
    const related = this.#options.session.related(entry).filter(({ id }) => id !== entry.id);
    if (related.length === 0) {
      return [];
    }
    const items = related.slice(0, MAX_RELATED).map((other) => {
      const { duration, time } = other;
      const measured = duration === undefined ? "" : ` · ${inMilliseconds(duration)}`;
      const words = [kindOf(other), subjectOf(other)].filter(Boolean).join(": ");
      const label = `${clockTime(time)} ${words}${measured}`;
      const link = button(label, () => this.#options.open(other));
      link.className = "link";
      return create("li", other.failed ? "failed" : "", link);
    });
    return [create("h3", "", "Of the same request"), create("ol", "related", ...items)];
  }
}

/** Text that can be scrolled, also with the keyboard. */
function code(text: string, label: string): HTMLElement {
  const block = create("pre", "", text);
  block.tabIndex = 0;
  block.setAttribute("role", "region");
  block.setAttribute("aria-label", label);
  return block;
}

function lineOf({ time, note, content = "" }: OpenedEntry): string {
  return [clockTime(time), note, content].filter(Boolean).join("  ");
}

function describeResult(result: OpenedEntry): readonly Node[] {
  const { content = "", duration = 0, note, problem } = result;
  const ended = [note ?? "It returned", inMilliseconds(duration)].join(" · ");
  return [
    create("h3", "", "Answer of today's code"),
    create("p", result.failed ? "problem" : "muted", ended),
    ...(problem === undefined ? [] : [create("p", "problem", problem)]),
    code(content, "Answer of today's code"),
  ];
}
