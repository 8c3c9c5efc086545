import type { OpenConnection } from "../../timeline/entry.ts";
import type { ListedEntry } from "../masked-entry.ts";
import { ConnectionList } from "./connection-list.ts";
import { announce, element } from "./elements.ts";
import { EntryPanel } from "./entry-panel.ts";
import { Session } from "./session.ts";
import { TimelineList } from "./timeline-list.ts";

const bodies = element("bodies", HTMLInputElement);
const failures = element("failures", HTMLInputElement);
const routeFilter = element("route-filter", HTMLSelectElement);

const session = new Session();
const list = new TimelineList(session, open);
const connections = new ConnectionList(session, filterBy);
const panel = new EntryPanel({
  session,
  bodies: () => bodies.checked,
  open,
  filterBy,
  onClose: (id) => {
    list.select(undefined);
    list.focus(id);
  },
});
let connectionId: string | undefined;
let stream: EventSource | undefined;
/** The run of the gateway that the entries are from: another one counts from 1 again. */
let run: string | undefined;
/** The last entry that the user has cleared away. */
let cleared = 0;

function open(entry: ListedEntry): void {
  list.select(entry.id);
  void panel.open(entry);
}

function filterBy(chosen: string | undefined): void {
  connectionId = chosen;
  connections.chosen = chosen;
  applyFilter();
}

function applyFilter(): void {
  const routeKey = routeFilter.value || undefined;
  list.filter = { connectionId, routeKey, failures: failures.checked };
  announce(`${list.matching.toLocaleString()} entries match.`);
}

/** Connects to the gateway; with another choice of bodies, anew. The browser connects again by itself when it is cut off. */
function connect(): void {
  stream?.close();
  stream = new EventSource(bodies.checked ? "stream?bodies=1" : "stream");
  stream.addEventListener("state", ({ data }) => begin(JSON.parse(data)));
  stream.addEventListener("entries", ({ data }) => add(JSON.parse(data)));
  stream.addEventListener("live", () => showState("live", "Live"));
  stream.addEventListener("error", () => showState("reconnecting", "Reconnecting…"));
}

/** What the gateway sends first. */
interface State {
  readonly session: string;
  /** The last entry that it takes the page to have. */
  readonly after: number;
  readonly connections: readonly OpenConnection[];
}

function begin(state: State): void {
  if (state.session !== run) {
    run = state.session;
    cleared = 0;
  }
  if (state.after === 0) {
    session.clear();
    session.connections.clear();
    list.refresh();
  }
  session.open(state.connections);
  connections.refresh();
}

function add(entries: readonly ListedEntry[]): void {
  session.add(entries.filter(({ id }) => id > cleared));
  for (const route of session.routes) {
    if (![...routeFilter.options].some(({ value }) => value === route)) {
      routeFilter.append(new Option(route, route));
    }
  }
  list.refresh();
  connections.refresh();
}

function showState(state: string, text: string): void {
  element("state", HTMLElement).dataset.state = state;
  element("state-text", HTMLElement).textContent = text;
}

function clear(): void {
  cleared = session.entries.at(-1)?.id ?? cleared;
  session.clear();
  list.refresh();
  connections.refresh();
  announce("The timeline is empty.");
}

bodies.addEventListener("change", () => {
  connect();
  void panel.refresh();
});
failures.addEventListener("change", applyFilter);
routeFilter.addEventListener("change", applyFilter);
element("clear", HTMLButtonElement).addEventListener("click", clear);
connect();
