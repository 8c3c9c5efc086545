import { matchesPattern } from "../wildcards.ts";
import { connectorsOf } from "./connectors.ts";
import { attempt, type TemplateError } from "./error.ts";
import { PropertyReader } from "./reader.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";

/** A function that an API invokes, for one of its routes or as its authorizer. */
export interface InvokedFunction {
  readonly functionId: string;
  /** The ARN that the API invokes, with the alias if there is one. */
  readonly functionArn: string;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html */
const STAGE_VARIABLE = /\$\{stageVariables\.(\w+)\}/g;

/**
 * Reads the function that a property names, by its ARN or by the URI with which API Gateway invokes it,
 * `arn:…:lambda:path/2015-03-31/functions/{arn}/invocations`.
 *
 * @param functionIds the logical ids of the template's functions, by ARN
 * @param stageVariables what `${stageVariables.NAME}` in the property stands for
 * @throws {TemplateError} when the property is missing, when it names a variable that the stage does not have, or when it is
 *   not the ARN of such a function
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html
 */
export function readInvokedFunction(
  properties: PropertyReader,
  name: string,
  functionIds: ReadonlyMap<string, string>,
  stageVariables: Readonly<Record<string, string>> = {},
): InvokedFunction {
  const value = properties
    .requiredString(name)
    .replace(STAGE_VARIABLE, (_match, variable: string) =>
      Object.hasOwn(stageVariables, variable)
        ? String(stageVariables[variable])
        : properties.fail(name, `the stage has no variable ${variable}`),
    );
  const functionArn = /\/functions\/(.+)\/invocations$/.exec(value)?.[1] ?? value;
  const functionId = functionIds.get(functionArn);
  return functionId === undefined
    ? properties.unsupported(name, `${functionArn} is not a function of this template`)
    : { functionId, functionArn };
}

const ACTION = "lambda:InvokeFunction";
const PRINCIPAL = "apigateway.amazonaws.com";

/** Where in an API a function is invoked from. */
interface InvocationSource {
  readonly api: TemplateResource;
  /** `{stage}/{routeKey}`, or `authorizers/{id}`. */
  readonly source: string;
}

/**
 * Checks that API Gateway may invoke a function: an `AWS::Lambda::Permission` allows it, or a SAM connector from the API to
 * the function. On AWS a route without one deploys, and each of its events ends in an error.
 *
 * @param fail throws the error about the property that names the function
 * @throws {TemplateError} when nothing allows it
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
export function requireLambdaPermission(
  scope: Scope,
  invocation: InvokedFunction & InvocationSource,
  fail: (message: string) => never,
): void {
  const sourceArn = sourceArnOf(scope, invocation);
  const unreadable: TemplateError[] = [];
  for (const resource of existingResources(scope, "AWS::Lambda::Permission")) {
    const permission: PropertyReader = PropertyReader.of(scope, resource);
    // It may be for another service: then it names things that do not exist here.
    const { value: allowed } = scope.withPlaceholders(() =>
      attempt(() => allows(permission, scope, invocation, sourceArn)),
    );
    if (!allowed.ok) {
      // It may be about something else: that is known only when no other permission fits.
      unreadable.push(allowed.error);
    } else if (allowed.value) {
      return;
    }
  }
  if (isConnected(scope, invocation)) {
    return;
  }
  const [error] = unreadable;
  if (error !== undefined) {
    throw error;
  }
  fail(
    `API Gateway may not invoke ${invocation.functionId}: no AWS::Lambda::Permission allows it for ${sourceArn}`,
  );
}

function sourceArnOf({ stack }: Scope, { api, source }: InvocationSource): string {
  const apiId = stack.apiId(api.logicalId);
  return `arn:${stack.partition}:execute-api:${stack.region}:${stack.accountId}:${apiId}/${source}`;
}

function allows(
  permission: PropertyReader,
  { stack }: Scope,
  { functionArn }: InvokedFunction,
  sourceArn: string,
): boolean {
  const [, , , , accountId, , ...nameAndAlias] = functionArn.split(":");
  const name = nameAndAlias.join(":");
  return (
    [functionArn, `${accountId}:function:${name}`, name].includes(
      permission.requiredString("FunctionName"),
    ) &&
    matchesPattern(permission.requiredString("Action"), ACTION) &&
    [PRINCIPAL, "*"].includes(permission.requiredString("Principal")) &&
    [undefined, stack.accountId].includes(permission.string("SourceAccount")) &&
    matchesPattern(permission.string("SourceArn") ?? "*", sourceArn)
  );
}

/** @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html */
function isConnected(
  scope: Scope,
  { api, functionId, source }: InvokedFunction & InvocationSource,
): boolean {
  return connectorsOf(scope, api.logicalId).some(
    (connector) =>
      connector.strings("Permissions").includes("Write") &&
      matchesPattern(connector.map("Source").string("Qualifier") ?? "*", source) &&
      connector.maps("Destination").some((destination) => destination.string("Id") === functionId),
  );
}
