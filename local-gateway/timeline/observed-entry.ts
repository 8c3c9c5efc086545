import { severityOf } from "../console/describe-observation.ts";
import type { Observation } from "../observation.ts";
import { cutText } from "../text.ts";
import type { Entry } from "./entry.ts";

/** An entry without what the timeline adds. */
export type NewEntry = Omit<Entry, "id" | "time">;

/** Characters of a problem that are kept. */
export const MAX_PROBLEM = 1_000;

/**
 * The entry for something that the gateway did; undefined for what is about the template, and for invocations, which are
 * observed at the functions.
 */
export function observedEntry(observation: Observation): NewEntry | undefined {
  const failed = severityOf(observation) === "info" ? {} : { failed: true as const };
  switch (observation.kind) {
    case "connected": {
      const { connectionId, requestId, duration, client } = observation;
      return { kind: "opened", connectionId, requestId, duration, client };
    }
    case "rejected": {
      const { connectionId, requestId, status, problem } = observation;
      return {
        kind: "rejected",
        connectionId,
        requestId,
        status,
        problem: cut(problem),
        ...failed,
      };
    }
    case "message": {
      const { connectionId, requestId, routeKey, duration, error, problem, unread } = observation;
      const note = error ?? (unread ? "The client does not read: no answer sent" : undefined);
      return note === undefined
        ? undefined
        : {
            ...{ kind: "frame out", connectionId, requestId, routeKey, duration, note },
            ...(problem !== undefined && { problem: cut(problem) }),
            ...failed,
          };
    }
    case "answer": {
      const { connectionId, requestId, size, body } = observation;
      return { kind: "frame out", connectionId, requestId, size, text: body };
    }
    case "disconnected": {
      const { connectionId, requestId, cause, problem } = observation;
      return {
        ...{ kind: "closed", connectionId, requestId, status: cause.code, text: cause.reason },
        ...(cause.explanation !== undefined && { note: cause.explanation }),
        ...(problem !== undefined && { problem: cut(problem) }),
        ...failed,
      };
    }
    case "management call": {
      const { method, connectionId, status, size, body } = observation;
      const posted = method === "POST" ? { size, text: body } : {};
      return { kind: "post", name: method, connectionId, status, ...posted, ...failed };
    }
    case "management call rejected": {
      const { method, connectionId, status, problem } = observation;
      return {
        ...{ kind: "post", name: method, connectionId, status, problem: cut(problem) },
        ...failed,
      };
    }
    case "database call rejected": {
      const { operation, problem } = observation;
      return { kind: "database", name: operation, status: 400, problem: cut(problem), ...failed };
    }
    case "invocation rejected": {
      const { status, problem } = observation;
      return { kind: "rejected", note: "invocation", status, problem: cut(problem), ...failed };
    }
    case "fault": {
      const { fault, subject, connectionId } = observation;
      return { kind: "fault", name: fault, note: subject, connectionId, ...failed };
    }
    case "error":
      return { kind: "error", problem: cut(String(observation.error)), ...failed };
    default:
      return;
  }
}

function cut(problem: string): string {
  return cutText(problem, MAX_PROBLEM);
}
