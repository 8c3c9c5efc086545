import { matchesPattern } from "../wildcards.ts";
import { TemplateError } from "./file.ts";
import { connectorsOf } from "./policies.ts";
import { existingResources, PropertyReader } from "./reader.ts";
import type { Scope, TemplateResource } from "./scope.ts";

/** A function that an API invokes for one of its routes or its authorizer. */
interface ApiInvocation {
  readonly api: TemplateResource;
  readonly functionId: string;
  /** The ARN that the API invokes, with the alias if there is one. */
  readonly functionArn: string;
  /** What invokes it: `{stage}/{routeKey}`, or `authorizers/{id}`. */
  readonly source: string;
}

const ACTION = "lambda:InvokeFunction";
const PRINCIPAL = "apigateway.amazonaws.com";

/**
 * Checks that API Gateway may invoke a function: an `AWS::Lambda::Permission` says so, or a SAM connector from the API to
 * the function. On AWS a route without one deploys, and each of its events ends in an error.
 *
 * @param fail throws the error about the property that names the function
 * @throws {TemplateError} when nothing allows it
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
export function requireLambdaPermission(
  scope: Scope,
  invocation: ApiInvocation,
  fail: (message: string) => never,
): void {
  const sourceArn = sourceArnOf(scope, invocation);
  let unreadable: TemplateError | undefined;
  for (const resource of existingResources(scope, "AWS::Lambda::Permission")) {
    try {
      if (allows(PropertyReader.of(scope, resource), scope, invocation, sourceArn)) {
        return;
      }
    } catch (error) {
      if (!(error instanceof TemplateError)) {
        throw error;
      }
      // It may be about something else: that is known only when no other permission fits.
      unreadable ??= error;
    }
  }
  if (isConnected(scope, invocation)) {
    return;
  }
  if (unreadable !== undefined) {
    throw unreadable;
  }
  fail(
    `API Gateway may not invoke ${invocation.functionId}: no AWS::Lambda::Permission allows it for ${sourceArn}`,
  );
}

function sourceArnOf({ stack }: Scope, { api, source }: ApiInvocation): string {
  const apiId = stack.apiId(api.logicalId);
  return `arn:${stack.partition}:execute-api:${stack.region}:${stack.accountId}:${apiId}/${source}`;
}

function allows(
  permission: PropertyReader,
  { stack }: Scope,
  { functionArn }: ApiInvocation,
  sourceArn: string,
): boolean {
  const [, , , , accountId, , ...nameAndAlias] = functionArn.split(":");
  const name = nameAndAlias.join(":");
  return (
    [functionArn, `${accountId}:function:${name}`, name].includes(
      permission.requiredText("FunctionName"),
    ) &&
    matchesPattern(permission.requiredText("Action"), ACTION) &&
    [PRINCIPAL, "*"].includes(permission.requiredText("Principal")) &&
    [undefined, stack.accountId].includes(permission.text("SourceAccount")) &&
    matchesPattern(permission.text("SourceArn") ?? "*", sourceArn)
  );
}

/** @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html */
function isConnected(scope: Scope, { api, functionId, source }: ApiInvocation): boolean {
  return connectorsOf(scope, api.logicalId).some(
    (connector) =>
      connector.texts("Permissions").includes("Write") &&
      matchesPattern(connector.map("Source").text("Qualifier") ?? "*", source) &&
      connector.maps("Destination").some((destination) => destination.text("Id") === functionId),
  );
}
