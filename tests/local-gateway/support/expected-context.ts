const DOMAIN = "k2v9xq41ab.execute-api.eu-west-1.amazonaws.com";
const ID = /^[\w-]{15}=$/;
const TIME = /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/;

/** What every event's requestContext has, in the order of a recorded one, around what its kind adds. */
export function contextOf(routeKey: string, eventType: string, first = {}, reason = {}) {
  return {
    routeKey,
    ...first,
    eventType,
    extendedRequestId: expect.stringMatching(ID),
    requestTime: expect.stringMatching(TIME),
    messageDirection: "IN",
    ...reason,
    stage: "live",
    connectedAt: expect.any(Number),
    requestTimeEpoch: expect.any(Number),
    identity: { userAgent: "test/1.0", sourceIp: "127.0.0.1" },
    requestId: expect.stringMatching(ID),
    domainName: DOMAIN,
    connectionId: expect.stringMatching(ID),
    apiId: "k2v9xq41ab",
  };
}
