import type { Faults } from "../faults/faults.ts";
import type { Connections } from "./connections.ts";
import { GONE } from "./gone.ts";
import type { ManagementAnswer } from "./management-answer.ts";
import { postToConnection } from "./post-to-connection.ts";

/** A post that was answered, or struck by a fault. */
export interface AnsweredPost {
  readonly answer: ManagementAnswer;
  /** `unsent`: a fault alone made the answer. `cut`: the message was sent, but its answer must not be. */
  readonly struck?: "unsent" | "cut";
}

const FAILURES = {
  postGone: GONE,
  postThrottled: {
    status: 429,
    errorType: "LimitExceededException",
    body: '{"message":"Too Many Requests"}',
  },
  postError: {
    status: 500,
    errorType: "InternalServerErrorException",
    body: '{"message": "Internal server error"}',
  },
} as const satisfies Record<string, ManagementAnswer>;

const FAULTS = ["postGone", "postThrottled", "postError", "cutPost", "slowPost"] as const;

/**
 * Sends bytes to a connection as `postToConnection` does, unless a fault strikes the call: then nothing is sent, or the
 * message is sent and its answer waits or is lost, as on a bad network.
 */
export async function postDespiteFaults(
  faults: Faults,
  connections: Connections,
  connectionId: string,
  data: Buffer,
): Promise<AnsweredPost> {
  const fault = faults.strike(FAULTS, { subject: "POST", connectionId });
  if (fault === "postGone" || fault === "postThrottled" || fault === "postError") {
    return { answer: FAILURES[fault], struck: "unsent" };
  }
  const answer = postToConnection(connections, connectionId, data);
  if (fault === "slowPost") {
    await faults.delay(fault);
  }
  return { answer, ...(fault === "cutPost" && { struck: "cut" }) };
}
