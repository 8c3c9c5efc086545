/**
 * What can go wrong on demand, and what then happens, in the words of the console. Each is something that AWS's services
 * are documented or known to do.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export const FAULTS = {
  dropDisconnect: "does not run",
  delayDisconnect: "runs late",
  duplicateEvent: "delivered twice",
  postGone: "answered with 410, nothing sent",
  postThrottled: "answered with 429, nothing sent",
  postError: "answered with 500, nothing sent",
  cutPost: "sent, but its answer is cut off",
  slowPost: "sent at once, answered late",
  databaseThrottled: "answered with ProvisionedThroughputExceededException, nothing done",
  databaseError: "answered with InternalServerError, nothing done",
  slowDatabase: "done at once, answered late",
} as const;

/** The name of a fault, the same in options, on the command line and in the log. */
export type FaultName = keyof typeof FAULTS;
