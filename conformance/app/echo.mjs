/** Lets every client in, and answers a message with the event that it became. */
export async function handler(event) {
  return event.requestContext.eventType === "MESSAGE"
    ? { statusCode: 200, body: JSON.stringify(event) }
    : { statusCode: 200 };
}
