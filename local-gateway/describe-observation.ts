import type { DisconnectCause } from "./api-gateway/disconnect-cause.ts";
import type { Observation } from "./api-gateway/observation.ts";
import { FAULTS } from "./faults/fault-name.ts";
import { type LineColumns, lineColumns } from "./line-columns.ts";

/** The parts of a console line. */
export interface Description {
  readonly verb: string;
  readonly detail: string;
}

const REFUSED_CALLS: Readonly<Record<number, string>> = {
  400: "this is not a connection id",
  410: "gone: closed, unknown, or its $connect has not ended",
  413: "API Gateway accepts 128 KB per message",
  429: "the client does not read, and too much waits for it",
};

/** What the kinds of invocations are called in a line. */
const INVOKING = { RequestResponse: "invoke", Event: "event", DryRun: "dry run" } as const;

/** Puts what the gateway did into words; a refusal says which rule of AWS it follows. */
export function describeObservation(observation: Observation): Description {
  switch (observation.kind) {
    case "connected":
      return columns("connect", { duration: observation.duration });
    case "refused": {
      const { status, problem } = observation;
      return { verb: "refused", detail: `${status}: ${problem}` };
    }
    case "message":
      return describeMessage(observation);
    case "answer":
      return columns("answer", observation);
    case "disconnected": {
      const { cause, problem } = observation;
      const failure = problem === undefined ? "" : `; $disconnect failed: ${problem}`;
      return { verb: "disconnect", detail: `${ending(cause)}${failure}` };
    }
    case "management call": {
      const { method, status, size, body } = observation;
      const posted = method === "POST" ? { size, body } : {};
      const detail = lineColumns({
        name: String(status),
        ...posted,
        problem: REFUSED_CALLS[status],
      });
      return { verb: method.toLowerCase(), detail };
    }
    case "management call refused": {
      const { method, status, problem } = observation;
      return { verb: method.toLowerCase(), detail: `${status}: ${problem}` };
    }
    case "database call refused": {
      const { operation, problem } = observation;
      return { verb: "dynamodb", detail: `${operation} refused: ${problem}` };
    }
    case "invocation":
      return describeInvocation(observation);
    case "invocation refused":
      return { verb: "invoke", detail: `${observation.status}: ${observation.problem}` };
    case "foreign role": {
      const { functionId, role } = observation;
      const detail = `${functionId} may do everything here: its role ${role} is not in the template`;
      return { verb: "role", detail };
    }
    case "building":
      return { verb: "build", detail: observation.functionIds.join(", ") };
    case "template warning":
      return { verb: "template", detail: observation.warning };
    case "fault": {
      const { fault, subject } = observation;
      const detail = `${fault}: ${subject} ${FAULTS[fault]}`;
      return { verb: "fault", detail };
    }
    case "error":
      return { verb: "error", detail: String(observation.error) };
  }
}

function columns(verb: string, { size, duration, body }: LineColumns): Description {
  return { verb, detail: lineColumns({ size, duration, body }) };
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
  return { verb: "message", detail };
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
  };
}

function ending({ code, reason, explanation }: DisconnectCause): string {
  return explanation === undefined
    ? `${code} ${reason}`.trimEnd()
    : `closed ${code}: ${explanation}`;
}
