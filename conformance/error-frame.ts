/** The text by which API Gateway tells a client that its message failed, with its uneven spaces. */
export function errorFrame(message: string, connectionId: string): RegExp {
  return new RegExp(
    `^{"message": "${message}", "connectionId":"${connectionId}", "requestId":"[\\w-]{15}="}$`,
  );
}
