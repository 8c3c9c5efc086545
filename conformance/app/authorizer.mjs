/**
 * Decides as the query parameter `verdict` says: allow, deny, unauthorized, crash or nonsense. When it allows, the
 * context carries the authorizer's own event as JSON text, a number, a boolean, and an id of this run.
 */
export async function handler(event) {
  const { verdict } = event.queryStringParameters;
  switch (verdict) {
    case "unauthorized":
      throw new Error("Unauthorized");
    case "crash":
      throw new Error("The probe asked for it");
    case "nonsense":
      return { statusCode: 401 };
    default:
      return {
        principalId: "alice",
        policyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Action: "execute-api:Invoke",
              Effect: verdict === "allow" ? "Allow" : "Deny",
              Resource: event.methodArn,
            },
          ],
        },
        context: {
          event: JSON.stringify(event),
          number: 7,
          boolean: true,
          run: event.requestContext.requestId,
        },
      };
  }
}
