import type { OpenedEntry } from "../masked-entry.ts";

/** An answer of the gateway: what it sent, or the sentence that says why not. */
export type Answer<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly problem: string };

/** An entry that is opened, with the lines that its function has written. */
export type EntryWithLines = OpenedEntry & { readonly lines: readonly OpenedEntry[] };

/** Fetches an entry, with its values only when `bodies` are asked for. */
export function fetchEntry(id: number, bodies: boolean): Promise<Answer<EntryWithLines>> {
  return call(`entries/${id}${query(bodies)}`);
}

/** Runs the event of an entry again, and resolves with its result. */
export function rerun(id: number, bodies: boolean): Promise<Answer<OpenedEntry>> {
  return call(`entries/${id}/rerun${query(bodies)}`, {});
}

/** Sends a frame as the client of a connection. */
export function sendFrame(connectionId: string, text: string): Promise<Answer<object>> {
  return call(`connections/${encodeURIComponent(connectionId)}/frames`, { text });
}

/** Closes a connection. */
export function closeConnection(
  connectionId: string,
  close: { readonly code: number; readonly reason: string },
): Promise<Answer<object>> {
  return call(`connections/${encodeURIComponent(connectionId)}/close`, close);
}

function query(bodies: boolean): string {
  return bodies ? "?bodies=1" : "";
}

/** Posts when there is a body, and gets otherwise. Never rejects. */
async function call<Body>(path: string, body?: object): Promise<Answer<Body>> {
  try {
    const response = await fetch(path, body && { method: "POST", body: JSON.stringify(body) });
    const answer = await response.json();
    return response.ok ? { ok: true, body: answer } : { ok: false, problem: answer.message };
  } catch {
    return { ok: false, problem: "The gateway does not answer." };
  }
}
