import type { DisconnectCause } from "./api-gateway/disconnect-cause.ts";
import type { Observation } from "./api-gateway/observation.ts";
import { FAULTS } from "./faults/fault-name.ts";
import { type LineColumns, lineColumns } from "./line-columns.ts";

/** The parts of a console line. */
export interface Description {
  readonly verb: string;
  readonly detail: string;
  /** A warning is about a client that broke a rule, an error about this machine or a function. */
  readonly severity: "info" | "warning" | "error";
}

const REFUSED_CALLS: Readonly<Record<number, string>> = {
  400: "this is not a connection id",
  410: "gone: closed, unknown, or its $connect has not ended",
  413: "API Gateway accepts 128 KB per message",
  429: "the client does not read, and too much waits for it",
};

/** What the kinds of invocations are called in a line. */
const INVOKING = { RequestResponse: "invoke", Event: "event", DryRun: "dry run" } as const;

/** Close codes with which a connection ends in the ordinary way, a client that gave none included. */
const ORDINARY_CODES = new Set([1000, 1001, 1005]);

/** Puts what the gateway did into words; a refusal says which rule of AWS it follows. */
export function describeObservation(observation: Observation): Description {
  switch (observation.kind) {
    case "connected":
      return info("connect", { duration: observation.duration });
    case "refused": {
      const { status, problem } = observation;
      const severity = status >= 500 ? "error" : "warning";
      return { verb: "refused", detail: `${status}: ${problem}`, severity };
    }
    case "message":
      return describeMessage(observation);
    case "answer":
      return info("answer", observation);
    case "disconnected": {
      const { cause, problem } = observation;
      const failure = problem === undefined ? "" : `; $disconnect failed: ${problem}`;
      const ordinary = ORDINARY_CODES.has(cause.code) || cause.explanation === undefined;
      const severity = failure === "" ? (ordinary ? "info" : "warning") : "error";
      return { verb: "disconnect", detail: `${ending(cause)}${failure}`, severity };
    }
    case "management call": {
      const { method, status, size, body } = observation;
      const posted = method === "POST" ? { size, body } : {};
      const detail = lineColumns({
        name: String(status),
        ...posted,
        problem: REFUSED_CALLS[status],
      });
      return { verb: method.toLowerCase(), detail, severity: status < 400 ? "info" : "warning" };
    }
    case "management call refused": {
      const { method, problem } = observation;
      return { verb: method.toLowerCase(), detail: `403: ${problem}`, severity: "error" };
    }
    case "database call refused": {
      const { operation, problem } = observation;
      return { verb: "dynamodb", detail: `${operation} refused: ${problem}`, severity: "error" };
    }
    case "invocation":
      return describeInvocation(observation);
    case "invocation refused":
      return describeRefusedInvocation(observation);
    case "foreign role": {
      const { functionId, role } = observation;
      const detail = `${functionId} may do everything here: its role ${role} is not in the template`;
      return { verb: "role", detail, severity: "warning" };
    }
    case "fault": {
      const { fault, subject } = observation;
      const detail = `${fault}: ${subject} ${FAULTS[fault]}`;
      return { verb: "fault", detail, severity: "warning" };
    }
    case "error":
      return { verb: "error", detail: String(observation.error), severity: "error" };
  }
}

function info(verb: string, { size, duration, body }: LineColumns): Description {
  return { verb, detail: lineColumns({ size, duration, body }), severity: "info" };
}

function describeMessage(message: Observation & { readonly kind: "message" }): Description {
  const {
    routeKey: name = "(no route)",
    size,
    duration,
    body,
    error,
    problem,
    unread = false,
  } = message;
  const unsent = unread ? "the client does not read: no answer sent" : undefined;
  const told = [error, problem, unsent].filter((text) => text !== undefined).join(": ");
  const detail = lineColumns({ name, size, duration, problem: told || undefined, body });
  const isClients =
    error === "Forbidden" || error === "Too Many Requests" || (unread && problem === undefined);
  return {
    verb: "message",
    detail,
    severity: told === "" ? "info" : isClients ? "warning" : "error",
  };
}

function describeInvocation({
  invocationType,
  functionId: name,
  next,
  problem,
  ...columns
}: Observation & { readonly kind: "invocation" }): Description {
  const retry = next === undefined ? "" : `; tried again in ${next / 1000} s`;
  const told = problem === undefined ? undefined : `${problem}${retry}`;
  return {
    verb: INVOKING[invocationType],
    detail: lineColumns({ ...columns, name, problem: told }),
    severity: told === undefined ? "info" : "error",
  };
}

function describeRefusedInvocation({
  status,
  problem,
}: Observation & { readonly kind: "invocation refused" }): Description {
  const severity = status === 403 ? "error" : "warning";
  return { verb: "invoke", detail: `${status}: ${problem}`, severity };
}

function ending({ code, reason, explanation }: DisconnectCause): string {
  return explanation === undefined
    ? `${code} ${reason}`.trimEnd()
    : `closed ${code}: ${explanation}`;
}
