import type { AuthorizerEvent } from "./authorizer-event.ts";

const HEADER = "route.request.header.";
const QUERY_PARAMETER = "route.request.querystring.";
const STAGE_VARIABLE = "stageVariables.";
const CONTEXT = "context.";

/**
 * The first of an authorizer's identity sources that an upgrade request does not bring, or brings empty; undefined when
 * all of them are there. Headers are found in any spelling, the others only in their own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function missingIdentitySource(
  sources: readonly string[],
  event: AuthorizerEvent,
): string | undefined {
  return sources.find((source) => (identityValue(source, event) ?? "") === "");
}

function identityValue(source: string, event: AuthorizerEvent): unknown {
  if (source.startsWith(HEADER)) {
    const wanted = source.slice(HEADER.length).toLowerCase();
    const found = Object.entries(event.headers).find(([name]) => name.toLowerCase() === wanted);
    return found?.[1];
  }
  if (source.startsWith(QUERY_PARAMETER)) {
    return ownMember(event.queryStringParameters, source.slice(QUERY_PARAMETER.length));
  }
  if (source.startsWith(STAGE_VARIABLE)) {
    return ownMember(event.stageVariables, source.slice(STAGE_VARIABLE.length));
  }
  return source.slice(CONTEXT.length).split(".").reduce(ownMember, event.requestContext);
}

function ownMember(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
