import type { DisconnectCause } from "./api-gateway/disconnect-cause.ts";
import type { Observation } from "./api-gateway/observation.ts";

/** The parts of a console line. */
export interface Description {
  /** The connection's id; empty when there is none. */
  readonly subject: string;
  readonly verb: string;
  readonly detail: string;
  readonly isError: boolean;
}

const NAME_WIDTH = 18;
const SIZE_WIDTH = 14;
const TIME_WIDTH = 10;

const REFUSED_CALLS: Readonly<Record<number, string>> = {
  400: "this is not a connection id",
  403: "the management API has POST, GET and DELETE",
  410: "gone: closed, unknown, or its $connect has not ended",
  413: "API Gateway accepts 128 KB per message",
  429: "the client does not read, and too much waits for it",
};

/** Puts what the gateway did into words; a refusal says which rule of AWS it follows. */
export function describeObservation(observation: Observation): Description {
  const subject = observation.kind === "error" ? "" : (observation.connectionId ?? "");
  const { verb, detail, isError = false } = describe(observation);
  return { subject, verb, detail, isError };
}

function describe(observation: Observation): {
  verb: string;
  detail: string;
  isError?: boolean;
} {
  switch (observation.kind) {
    case "connected":
      return { verb: "connect", detail: columns({ duration: observation.duration }) };
    case "refused": {
      const { status, problem } = observation;
      return { verb: "refused", detail: `${status}: ${problem}`, isError: status >= 500 };
    }
    case "message": {
      const { routeKey = "(no route)", size, duration, problem } = observation;
      const detail = columns({ name: routeKey, size, duration, problem });
      return { verb: "message", detail, isError: problem !== undefined };
    }
    case "answer":
      return { verb: "answer", detail: columns({ size: observation.size }) };
    case "disconnected": {
      const { cause, problem } = observation;
      const failure = problem === undefined ? "" : `; $disconnect failed: ${problem}`;
      const detail = `${ending(cause)}${failure}`;
      return { verb: "disconnect", detail, isError: problem !== undefined };
    }
    case "management call": {
      const { method, status, size } = observation;
      const problem = REFUSED_CALLS[status];
      const sent = method === "POST" ? { size } : {};
      const detail = columns({ name: String(status), ...sent, problem });
      return { verb: method.toLowerCase(), detail };
    }
    case "error":
      return { verb: "error", detail: String(observation.error), isError: true };
  }
}

/** The columns of a line; sizes in bytes, durations in milliseconds. */
interface Columns {
  readonly name?: string;
  readonly size?: number;
  readonly duration?: number;
  readonly problem?: string | undefined;
}

function columns({ name = "", size, duration, problem }: Columns): string {
  const bytes = size === undefined ? "" : `${size.toLocaleString("en")} bytes`;
  const time = duration === undefined ? "" : `${Math.round(duration)} ms`;
  const start = name.padEnd(NAME_WIDTH) + bytes.padStart(SIZE_WIDTH) + time.padStart(TIME_WIDTH);
  return problem === undefined ? start.trimEnd() : `${start}  ${problem}`;
}

function ending({ code, reason, explanation }: DisconnectCause): string {
  return explanation === undefined
    ? `${code} ${reason}`.trimEnd()
    : `closed ${code}: ${explanation}`;
}
