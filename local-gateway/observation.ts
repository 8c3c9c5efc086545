import type { FaultTrigger } from "./faults/faults.ts";

/**
 * Something that the gateway did, for the console. Durations are in milliseconds, sizes in bytes, and a `body` is the text
 * of a message, which is written only on demand.
 */
export type Observation =
  | {
      readonly kind: "connected";
      readonly connectionId: string;
      /** The same as in the events of the upgrade. */
      readonly requestId: string;
      readonly duration: number;
      /** Who connects, and to which stage. */
      readonly client: ConnectedClient;
      /** The client's TCP port; absent when it has gone already. */
      readonly port?: number | undefined;
    }
  | {
      readonly kind: "rejected";
      readonly connectionId?: string;
      readonly requestId?: string;
      readonly status: number;
      readonly problem: string;
    }
  | {
      readonly kind: "message";
      readonly connectionId: string;
      /** The same as in its event. */
      readonly requestId: string;
      /** Absent when no route was selected. */
      readonly routeKey?: string;
      readonly size: number;
      readonly duration: number;
      readonly body?: string;
      /** What the error frame says that the message ended in. */
      readonly error?: ErrorText;
      /** What went wrong with the integration or its answer, or why it was not called. */
      readonly problem?: string;
      /** True when nothing was sent, because too much waits for the client already. */
      readonly unread?: boolean;
    }
  | {
      /** A function's answer was sent. An error frame is reported with its message. */
      readonly kind: "answer";
      readonly connectionId: string;
      /** Of the message that is answered. */
      readonly requestId: string;
      readonly size: number;
      readonly body?: string;
    }
  | {
      readonly kind: "disconnected";
      readonly connectionId: string;
      /** The same as in the event of `$disconnect`. */
      readonly requestId: string;
      readonly cause: DisconnectCause;
      /** What went wrong with `$disconnect`. */
      readonly problem?: string;
    }
  | {
      readonly kind: "management call";
      readonly method: string;
      /** Absent when the path names no connection. */
      readonly connectionId?: string | undefined;
      readonly status: number;
      /** Of what was posted. */
      readonly size: number;
      readonly body?: string;
      /** The trace header of the call. */
      readonly traceId?: string | undefined;
    }
  | {
      /** Its address, its method, its signature, or a permission that its caller lacks. */
      readonly kind: "management call rejected";
      readonly method: string;
      readonly status: number;
      /** Absent when the path names no connection. */
      readonly connectionId?: string | undefined;
      readonly problem: string;
      /** The trace header of the call. */
      readonly traceId?: string | undefined;
    }
  | {
      readonly kind: "database call rejected";
      /** For example `PutItem`. */
      readonly operation: string;
      readonly problem: string;
      /** The trace header of the call. */
      readonly traceId?: string | undefined;
    }
  | {
      /** One attempt to run a function for a call of Lambda's own API; for `DryRun` there is none. */
      readonly kind: "invocation";
      readonly functionId: string;
      readonly invocationType: "RequestResponse" | "Event" | "DryRun";
      readonly size: number;
      readonly duration?: number | undefined;
      /** Why the function did not return. */
      readonly problem?: string;
      /** The time to the next attempt to run an event. */
      readonly next?: number | undefined;
      readonly body?: string;
    }
  | {
      /** With a status of 400 to 499: what the call asks for, its signature, or a permission that its caller lacks. */
      readonly kind: "invocation rejected";
      readonly status: number;
      readonly problem: string;
    }
  | {
      /** A function with a role that is not of the template. */
      readonly kind: "foreign role";
      readonly functionId: string;
      /** Its ARN. */
      readonly role: string;
    }
  | {
      /** The functions that are about to be built, by their logical ids. */
      readonly kind: "building";
      readonly functionIds: readonly string[];
    }
  | {
      /** What works here, but not as the author of the template may think: one sentence, with the line. */
      readonly kind: "template warning";
      readonly warning: string;
    }
  | {
      /** What invokes a function on AWS and never does so here. */
      readonly kind: "event source";
      readonly functionId: string;
      /** Where it is in the template. */
      readonly place: string;
      readonly source: string;
      /** The command line that invokes the function. */
      readonly command: string;
    }
  | {
      /** Functions that run on another Node than the template says: one sentence. */
      readonly kind: "runtime warning";
      readonly warning: string;
    }
  | ({ readonly kind: "fault" } & FaultTrigger)
  | { readonly kind: "error"; readonly error: unknown };

/**
 * What an error frame says. API Gateway is known to use the first three; the last is a choice of our own, for no source
 * has its text.
 */
export type ErrorText =
  | "Forbidden"
  | "Internal server error"
  | "Endpoint request timed out"
  | "Too Many Requests";

/** The client of a connection. */
export interface ConnectedClient {
  readonly stage: string;
  readonly sourceIp: string;
  readonly userAgent?: string | undefined;
  /** What a Lambda authorizer calls the client. */
  readonly principalId?: string | undefined;
}

/** Why a connection ended. */
export interface DisconnectCause {
  /** The WebSocket close code, `disconnectStatusCode` in the event. */
  readonly code: number;
  /** `disconnectReason` in the event. */
  readonly reason: string;
  /** The rule behind a close by the gateway, for the console. */
  readonly explanation?: string;
}
