import type { ListedEntry } from "../masked-entry.ts";

/** What the kinds of entries are called. */
const KINDS: { readonly [Kind in ListedEntry["kind"]]: string } = {
  "frame in": "Frame in",
  "frame out": "Frame out",
  opened: "Opened",
  rejected: "Rejected",
  closed: "Closed",
  event: "Event",
  result: "Result",
  post: "Post",
  database: "Database",
  log: "Log",
  fault: "Fault",
  error: "Error",
};

/** The kind of an entry, in words. */
export function kindOf({ kind, name, rerunOf }: ListedEntry): string {
  if (kind === "post" && name !== undefined && name !== "POST") {
    return name === "GET" ? "Get" : "Delete";
  }
  return kind === "event" && rerunOf !== undefined ? "Run again" : KINDS[kind];
}

/** What an entry is about, in a few words: the route, the function, the operation, what went wrong. */
export function subjectOf(entry: ListedEntry): string {
  const { kind, name, routeKey, functionId, note, client, status } = entry;
  switch (kind) {
    case "opened":
      return [client?.principalId, client?.sourceIp].filter(Boolean).join(" · ");
    case "closed":
      return [status, note].filter(Boolean).join(" · ");
    case "rejected":
      return [note, status].filter(Boolean).join(" · ");
    case "event":
    case "result":
      return [routeKey, functionId, status, note].filter(Boolean).join(" · ");
    case "post":
      return [status, functionId].filter(Boolean).join(" · ");
    case "database":
      return [name, status !== 200 && status].filter(Boolean).join(" · ");
    case "log":
      return [note, functionId].filter(Boolean).join(" · ");
    case "fault":
      return [name, note].filter(Boolean).join(" · ");
    default:
      return [routeKey, note].filter(Boolean).join(" · ");
  }
}
