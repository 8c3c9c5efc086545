/**
 * The logical id of the route that SAM generates for a route key: the first letter upper case and every other one lower
 * case, so `sendMessage` of the API Chat becomes `ChatSendmessageRoute`.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-websocketapi.html
 */
export function routeLogicalId(apiLogicalId: string, routeKey: string): string {
  const key = routeKey.replace("$", "");
  return `${apiLogicalId}${key.charAt(0).toUpperCase()}${key.slice(1).toLowerCase()}Route`;
}
