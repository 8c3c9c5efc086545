import { FAULTS } from "../faults/settings.ts";
import type { DisconnectCause, Observation } from "../observation.ts";
import { cutText } from "../text.ts";

/** The parts of a console line. */
interface Description {
  readonly verb: string;
  readonly detail: string;
}

const REJECTED_CALLS: Readonly<Record<number, string>> = {
  400: "this is not a connection id",
  410: "gone: closed, unknown, or its $connect has not ended",
  413: "API Gateway accepts 128 KB per message",
  429: "the client does not read, and too much waits for it",
};

/** What the kinds of invocations are called in a line. */
const INVOKING = { RequestResponse: "invoke", Event: "event", DryRun: "dry run" } as const;

/** Describes what the gateway did; a rejection says which rule of AWS it follows. */
export function describeObservation(observation: Observation): Description {
  switch (observation.kind) {
    case "connected":
      return columns("connect", { duration: observation.duration });
    case "rejected": {
      const { status, problem } = observation;
      return { verb: "rejected", detail: `${status}: ${problem}` };
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
        problem: REJECTED_CALLS[status],
      });
      return { verb: method.toLowerCase(), detail };
    }
    case "management call rejected": {
      const { method, status, problem } = observation;
      return { verb: method.toLowerCase(), detail: withRegionAdvice(`${status}: ${problem}`) };
    }
    case "database call rejected": {
      const { operation, problem } = observation;
      return { verb: "dynamodb", detail: withRegionAdvice(`${operation} rejected: ${problem}`) };
    }
    case "invocation":
      return describeInvocation(observation);
    case "invocation rejected": {
      const { status, problem } = observation;
      return { verb: "invoke", detail: withRegionAdvice(`${status}: ${problem}`) };
    }
    case "foreign role": {
      const { functionId, role } = observation;
      const detail = `${functionId} may do everything here: its role ${role} is not in the template`;
      return { verb: "role", detail };
    }
    case "building":
      return { verb: "build", detail: observation.functionIds.join(", ") };
    case "template warning":
      return { verb: "template", detail: observation.warning };
    case "event source": {
      const { functionId, place, source, command } = observation;
      const detail = `${place}: ${source} never invokes ${functionId} here; do it by hand: ${command}`;
      return { verb: "template", detail };
    }
    case "runtime warning":
      return { verb: "runtime", detail: observation.warning };
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
  const problems = [error, problem, unsent].filter((text) => text !== undefined).join(": ");
  const detail = lineColumns({ name, size, duration, problem: problems || undefined, body });
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
  const problems = problem === undefined ? undefined : `${problem}${retry}`;
  return {
    verb: INVOKING[invocationType],
    detail: lineColumns({ ...columns, name, problem: problems }),
  };
}

function ending({ code, reason, explanation }: DisconnectCause): string {
  return explanation === undefined
    ? `${code} ${reason}`.trimEnd()
    : `closed ${code}: ${explanation}`;
}

/** A warning is about a client that broke a rule, an error about this machine or a function. */
type Severity = "info" | "warning" | "error";

/** Close codes with which a connection ends in the ordinary way; 1005 is for a client that sent none. */
const ORDINARY_CODES = new Set([1000, 1001, 1005]);

/** How serious an observation is. */
export function severityOf(observation: Observation): Severity {
  switch (observation.kind) {
    case "connected":
    case "answer":
    case "building":
      return "info";
    case "rejected":
      return observation.status >= 500 ? "error" : "warning";
    case "message":
      return severityOfMessage(observation);
    case "disconnected": {
      const { cause, problem } = observation;
      const ordinary = ORDINARY_CODES.has(cause.code) || cause.explanation === undefined;
      return problem !== undefined ? "error" : ordinary ? "info" : "warning";
    }
    case "management call":
      return observation.status < 400 ? "info" : "warning";
    case "invocation":
      return observation.problem === undefined ? "info" : "error";
    case "invocation rejected":
      return observation.status === 403 ? "error" : "warning";
    case "fault":
    case "foreign role":
    case "template warning":
    case "event source":
    case "runtime warning":
      return "warning";
    case "management call rejected":
    case "database call rejected":
    case "error":
      return "error";
  }
}

/** Code that names its own region signs for it, and AWS's sentence does not say that the gateway is in another one. */
function withRegionAdvice(detail: string): string {
  const [, region] = /scoped to a valid region, not '([\w-]+)'/.exec(detail) ?? [];
  return region === undefined
    ? detail
    : `${detail.trimEnd()} Start the gateway with AWS_REGION=${region} to be in that region.`;
}

function severityOfMessage({
  error,
  problem,
  unread = false,
}: Observation & { readonly kind: "message" }): Severity {
  if (error === undefined && problem === undefined && !unread) {
    return "info";
  }
  const isFromClient =
    error === "Forbidden" || error === "Too Many Requests" || (unread && problem === undefined);
  return isFromClient ? "warning" : "error";
}

/** What follows the verb of a console line. Sizes in bytes, durations in milliseconds. */
interface LineColumns {
  readonly name?: string | undefined;
  readonly size?: number | undefined;
  readonly duration?: number | undefined;
  readonly problem?: string | undefined;
  readonly body?: string | undefined;
}

const NAME_WIDTH = 18;
const SIZE_WIDTH = 14;
const TIME_WIDTH = 10;
/** More of a body than any line shows. */
const BODY_LENGTH = 200;

/** Aligns the columns of a console line; absent ones stay blank. */
function lineColumns({ name = "", size, duration, problem, body }: LineColumns): string {
  const bytes = size === undefined ? "" : inBytes(size);
  const time = duration === undefined ? "" : `${Math.round(duration)} ms`;
  const start =
    cutText(name, NAME_WIDTH - 1).padEnd(NAME_WIDTH) +
    bytes.padStart(SIZE_WIDTH) +
    time.padStart(TIME_WIDTH);
  const shown = body === "" ? "(empty)" : body?.slice(0, BODY_LENGTH);
  const rest = [problem, shown].filter((text) => text !== undefined);
  return rest.length === 0 ? start.trimEnd() : [start, ...rest].join("  ");
}

function inBytes(size: number): string {
  return size === 1 ? "1 byte" : `${size.toLocaleString("en")} bytes`;
}
