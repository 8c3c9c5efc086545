import type { PublishEvent } from "./publish-event.ts";

/**
 * Whether a backend has invoked the function to publish something. What comes from a connection comes in an event of
 * API Gateway's, which always has a request context, and nothing that a client writes becomes a member beside it.
 */
export function isPublishEvent(event: unknown): event is PublishEvent {
  return (
    typeof event === "object" &&
    event !== null &&
    Object.hasOwn(event, "publish") &&
    !Object.hasOwn(event, "requestContext")
  );
}
