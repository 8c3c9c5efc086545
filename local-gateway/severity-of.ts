import type { Observation } from "./api-gateway/observation.ts";

/** A warning is about a client that broke a rule, an error about this machine or a function. */
export type Severity = "info" | "warning" | "error";

/** Close codes with which a connection ends in the ordinary way, a client that gave none included. */
const ORDINARY_CODES = new Set([1000, 1001, 1005]);

/** How serious it is what the gateway did. */
export function severityOf(observation: Observation): Severity {
  switch (observation.kind) {
    case "connected":
    case "answer":
    case "building":
      return "info";
    case "refused":
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
    case "invocation refused":
      return observation.status === 403 ? "error" : "warning";
    case "fault":
    case "foreign role":
    case "template warning":
      return "warning";
    case "management call refused":
    case "database call refused":
    case "error":
      return "error";
  }
}

function severityOfMessage({
  error,
  problem,
  unread = false,
}: Observation & { readonly kind: "message" }): Severity {
  if (error === undefined && problem === undefined && !unread) {
    return "info";
  }
  const isClients =
    error === "Forbidden" || error === "Too Many Requests" || (unread && problem === undefined);
  return isClients ? "warning" : "error";
}
