import type { IncomingMessage } from "node:http";
import { type Authenticator, describeSignatureRejection } from "../iam/authenticator.ts";
import { describeDenial, findDenial } from "../iam/policy.ts";
import type { Account } from "../iam/principals.ts";
import {
  type Authorizer,
  DEFAULT_INTEGRATION_TIMEOUT,
  type WebSocketApi,
} from "../template/web-socket-api.ts";
import { type Authorization, authorizerAnswer } from "./authorizer-answer.ts";
import type { ConnectionDetails, ConnectRequest } from "./connection-details.ts";
import { eventHeaders, queryParameters, requestContext, singleAndMultiValues } from "./events.ts";
import { type FindFunction, invokeWithin } from "./integration.ts";

/** Which authorization an API has, and what it needs. */
interface ConnectionAuthorizerOptions {
  readonly api: Pick<WebSocketApi, "authorizer">;
  readonly account: Account;
  /** Finds out who signed an upgrade. */
  readonly authenticator: Authenticator;
  readonly functions: FindFunction;
}

/** The authorization that upgrades of one API have to pass: none, a Lambda authorizer, or an AWS_IAM signature. */
export class ConnectionAuthorizer {
  readonly #options: ConnectionAuthorizerOptions;

  constructor(options: ConnectionAuthorizerOptions) {
    this.#options = options;
  }

  async authorize(connect: ConnectRequest): Promise<Authorization> {
    const { authorizer } = this.#options.api;
    if (authorizer === undefined) {
      return { ok: true };
    }
    return authorizer === "AWS_IAM"
      ? this.#authorizeSignature(connect)
      : await this.#askAuthorizer(authorizer, connect);
  }

  /**
   * An upgrade of an API with AWS_IAM authorization has to be signed for execute-api, in its headers or, as browsers do it,
   * in its query string, by a caller that may `execute-api:Invoke` the `$connect` route.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  #authorizeSignature({ details, request }: ConnectRequest): Authorization {
    const { authenticator, account } = this.#options;
    const { method = "", url = "", rawHeaders }: IncomingMessage = request;
    const caller = authenticator.authenticate({ method, url, rawHeaders, body: Buffer.alloc(0) });
    if (!caller.ok) {
      return { ok: false, status: 403, problem: describeSignatureRejection(caller) };
    }
    const resource = methodArn(details, account);
    const denial = findDenial(caller.principal, [{ action: "execute-api:Invoke", resource }]);
    return denial ? { ok: false, status: 403, problem: describeDenial(denial) } : { ok: true };
  }

  /**
   * A Lambda authorizer runs for every upgrade, because a WebSocket API caches no results, but not for one without all of the
   * identity sources: that is 401. How long AWS waits for an authorizer is not documented; here it is as long as for an
   * integration.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
   */
  async #askAuthorizer(
    { functionId, identitySources }: Authorizer,
    connect: ConnectRequest,
  ): Promise<Authorization> {
    const { account, functions } = this.#options;
    const event = authorizerEvent(connect, account);
    const missing = missingIdentitySource(identitySources, event);
    if (missing !== undefined) {
      const problem = `the authorizer's identity source ${missing} is missing`;
      return { ok: false, status: 401, problem };
    }
    const lambda = functions(functionId);
    const invocation = await invokeWithin(DEFAULT_INTEGRATION_TIMEOUT, lambda, event);
    return authorizerAnswer(invocation, event.methodArn);
  }
}

const HEADER = "route.request.header.";
const QUERY_PARAMETER = "route.request.querystring.";
const STAGE_VARIABLE = "stageVariables.";
const CONTEXT = "context.";

/**
 * The first of an authorizer's identity sources that an upgrade request does not bring, or brings empty; undefined when
 * none is missing. Headers are found in any spelling, the others only in their own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
function missingIdentitySource(
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

/** What a Lambda authorizer is invoked with. */
interface AuthorizerEvent {
  readonly type: "REQUEST";
  /** The ARN of the API's `$connect` route, which the policy has to cover. */
  readonly methodArn: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters: Readonly<Record<string, string[]>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestContext: object;
}

/**
 * The event of a Lambda authorizer. Unlike the integration's it has every header of the upgrade, empty maps instead of
 * absent ones, and no isBase64Encoded.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
function authorizerEvent(
  { details, request, requestId, receivedAt }: ConnectRequest,
  account: Account,
): AuthorizerEvent {
  const { domainName, sourceIp, stageVariables = {} } = details;
  const headers = singleAndMultiValues(eventHeaders(request, domainName, sourceIp));
  const query = singleAndMultiValues(queryParameters(request.url ?? ""));
  return {
    type: "REQUEST",
    methodArn: methodArn(details, account),
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    stageVariables,
    requestContext: requestContext(
      details,
      "$connect",
      { eventType: "CONNECT" },
      requestId,
      receivedAt,
    ),
  };
}

/**
 * The ARN of the `$connect` route, on which a client needs `execute-api:Invoke`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
function methodArn(
  { apiId, stage }: ConnectionDetails,
  { partition, region, accountId }: Account,
): string {
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/$connect`;
}
