/** Lets every client in; a message comes back, and a message `id` comes back as the connection's id. */
export async function handler({ requestContext, body }) {
  return { statusCode: 200, body: body === "id" ? requestContext.connectionId : body };
}
