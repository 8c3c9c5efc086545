import type { ListedEntry } from "../masked-entry.ts";
import { kindOf, subjectOf } from "./describe-entry.ts";
import { clockTime, create, element, inBytes, inMilliseconds, shortId } from "./elements.ts";
import type { Filter, Session } from "./session.ts";

/** The most rows in the document. */
const MAX_ROWS = 200;

/** How many entries a step to older or newer ones moves. */
const STEP = 150;

const NO_FILTER: Filter = { failures: false };

/**
 * The rows of the timeline: a part of the entries that the filter lets through, never more than a few hundred. The arrow keys
 * move from row to row; one of them can be reached with the Tab key.
 */
export class TimelineList {
  readonly #session: Session;
  readonly #list = element("rows", HTMLOListElement);
  readonly #count = element("count", HTMLElement);
  readonly #older = element("older", HTMLButtonElement);
  readonly #newer = element("newer", HTMLButtonElement);
  readonly #follow = element("follow", HTMLInputElement);
  readonly #open: (entry: ListedEntry) => void;
  #filter = NO_FILTER;
  #matching: readonly ListedEntry[] = [];
  /** Where the rows end in what matches. */
  #end = 0;
  /** By the id of the entry, in the order of the rows. */
  readonly #rows = new Map<number, HTMLLIElement>();
  #selected: number | undefined;

  /** Shows the session's entries, and notifies `open` of those that the user opens. */
  constructor(session: Session, open: (entry: ListedEntry) => void) {
    this.#session = session;
    this.#open = open;
    this.#older.addEventListener("click", () => this.#move(-STEP));
    this.#newer.addEventListener("click", () => this.#move(STEP));
    this.#follow.addEventListener("change", () => this.refresh());
    this.#list.addEventListener("click", ({ target }) => this.#openRow(target));
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener(
      "wheel",
      ({ deltaY }) => {
        if (deltaY < 0) {
          this.#follow.checked = false;
        }
      },
      { passive: true },
    );
  }

  /** How many entries the filter lets through. */
  get matching(): number {
    return this.#matching.length;
  }

  set filter(filter: Filter) {
    this.#filter = filter;
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#matching = [];
    this.#end = Number.POSITIVE_INFINITY;
    this.refresh();
  }

  /** Shows what has been added or taken away. */
  refresh(): void {
    const before = this.#matching[this.#end - 1];
    const matching = this.#session.entries.filter((entry) =>
      this.#session.matches(entry, this.#filter),
    );
    this.#matching = matching;
    if (this.#follow.checked) {
      this.#end = matching.length;
    } else {
      const last = before === undefined ? -1 : matching.findLastIndex(({ id }) => id <= before.id);
      this.#end = Math.max(last + 1, Math.min(MAX_ROWS, matching.length));
    }
    this.#show();
  }

  /** Marks the row of the entry that is open; none when it is undefined. */
  select(id: number | undefined): void {
    const isSelected = (row: number) => (row === id ? "true" : "false");
    this.#selected = id;
    for (const [row, item] of this.#rows) {
      item.firstElementChild?.setAttribute("aria-current", isSelected(row));
    }
  }

  /** Moves the focus to the row of an entry, if it is there. */
  focus(id: number): void {
    this.#focus(this.#rows.get(id));
  }

  #move(step: number): void {
    const { length } = this.#matching;
    this.#end = Math.min(length, Math.max(Math.min(MAX_ROWS, length), this.#end + step));
    this.#follow.checked = false;
    this.#show();
    this.#list.scrollTop = step < 0 ? 0 : this.#list.scrollHeight;
  }

  #show(): void {
    const begin = Math.max(0, this.#end - MAX_ROWS);
    const visible = this.#matching.slice(begin, this.#end);
    const ids = new Set(visible.map(({ id }) => id));
    for (const [id, item] of this.#rows) {
      if (!ids.has(id)) {
        item.remove();
        this.#rows.delete(id);
      }
    }
    const last = [...this.#rows.keys()].at(-1) ?? -1;
    const first = this.#rows.keys().next().value ?? Number.POSITIVE_INFINITY;
    if (visible.some(({ id }) => id < first) && this.#rows.size > 0) {
      this.#rows.clear();
      this.#list.replaceChildren(...visible.map((entry) => this.#add(entry)));
    } else {
      this.#list.append(...visible.filter(({ id }) => id > last).map((entry) => this.#add(entry)));
    }
    this.#makeReachable();
    this.#older.disabled = begin === 0;
    this.#newer.disabled = this.#end >= this.#matching.length;
    this.#describe(begin);
    if (this.#follow.checked) {
      this.#list.scrollTop = this.#list.scrollHeight;
    }
  }

  #describe(begin: number): void {
    const { length } = this.#matching;
    const all = this.#session.entries.length.toLocaleString();
    const shown = `${(begin + 1).toLocaleString()}–${this.#end.toLocaleString()}`;
    const of = length.toLocaleString();
    this.#count.textContent =
      length === 0 ? `None of ${all} entries` : `${shown} of ${of} (${all} in all)`;
  }

  #add(entry: ListedEntry): HTMLLIElement {
    const item = rowOf(entry);
    item.firstElementChild?.setAttribute("aria-current", String(entry.id === this.#selected));
    this.#rows.set(entry.id, item);
    return item;
  }

  #openRow(target: EventTarget | null): void {
    const item = target instanceof Element ? target.closest("li") : null;
    const entry = this.#matching.find(({ id }) => String(id) === item?.dataset.id);
    if (entry && item) {
      this.#focus(item);
      this.#open(entry);
    }
  }

  #onKey(event: KeyboardEvent): void {
    const item = document.activeElement?.closest("li");
    const next = {
      ArrowDown: item?.nextElementSibling,
      ArrowUp: item?.previousElementSibling,
      Home: this.#list.firstElementChild,
      End: this.#list.lastElementChild,
    }[event.key];
    if (next instanceof HTMLLIElement) {
      event.preventDefault();
      this.#follow.checked = false;
      this.#focus(next);
    }
  }

  #focus(item: Element | undefined): void {
    const row = item?.firstElementChild;
    if (row instanceof HTMLButtonElement) {
      for (const reachable of this.#list.querySelectorAll<HTMLButtonElement>('[tabindex="0"]')) {
        reachable.tabIndex = -1;
      }
      row.tabIndex = 0;
      row.focus();
    }
  }

  /** Lets the Tab key reach one row: the one that it reached before or, when that is gone or later ones follow, the last. */
  #makeReachable(): void {
    const before = this.#list.querySelector<HTMLButtonElement>('[tabindex="0"]');
    const last = this.#list.lastElementChild?.firstElementChild;
    const isKept = before !== null && (!this.#follow.checked || before === document.activeElement);
    if (!isKept && last instanceof HTMLButtonElement) {
      if (before) {
        before.tabIndex = -1;
      }
      last.tabIndex = 0;
    }
  }
}

function rowOf(entry: ListedEntry): HTMLLIElement {
  const { id, time, kind, connectionId = "", size, duration, failed, preview, problem } = entry;
  const measured = [
    duration !== undefined && inMilliseconds(duration),
    size !== undefined && inBytes(size),
  ].filter((text) => text !== false);
  const text = problem ?? preview;
  const row = create(
    "button",
    "row",
    create("span", "time", clockTime(time)),
    create("span", "kind", kindOf(entry)),
    create("span", "connection-id", shortId(connectionId)),
    create("span", "subject", subjectOf(entry)),
    create("span", "failure", failed ? "failed" : ""),
    create("span", "measured", measured.join(" · ")),
    ...(text ? [create("span", "preview", text)] : []),
  );
  row.type = "button";
  row.tabIndex = -1;
  row.dataset.kind = kind;
  if (failed) {
    row.dataset.failed = "true";
  }
  const item = create("li", "", row);
  item.dataset.id = String(id);
  return item;
}
