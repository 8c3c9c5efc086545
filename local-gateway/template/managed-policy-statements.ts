import type { PolicyStatement } from "./policy-statement.ts";
import type { Scope } from "./scope.ts";
import type { TemplatePath } from "./template-file.ts";

/** A policy that AWS itself keeps; its name may have folders before it. */
const AWS_POLICY = /^(?:arn:[\w-]+:iam::aws:policy\/)?(?:[\w-]+\/)*(?<name>[\w+=,.@-]+)$/;

/** What AWS's managed policies allow that something here asks for. */
const STATEMENTS: ReadonlyMap<string, readonly PolicyStatement[]> = new Map([
  ["AdministratorAccess", [allow("*", ["*"])]],
  ["PowerUserAccess", [allow("*", ["dynamodb:*", "execute-api:*", "lambda:*"])]],
  ["ReadOnlyAccess", [allow("*", readActions("BatchGet*", "Get*"))]],
  ["AmazonDynamoDBFullAccess", [allow("*", ["dynamodb:*"])]],
  ["AmazonDynamoDBFullAccess_v2", [allow("*", ["dynamodb:*"])]],
  ["AmazonDynamoDBFullAccesswithDataPipeline", [allow("*", ["dynamodb:*"])]],
  [
    "AmazonDynamoDBReadOnlyAccess",
    [allow("*", readActions("BatchGetItem", "GetItem", "GetAbacStatus", "GetResourcePolicy"))],
  ],
  [
    "AmazonAPIGatewayInvokeFullAccess",
    [allow("arn:aws:execute-api:*:*:*", ["execute-api:Invoke", "execute-api:ManageConnections"])],
  ],
  ["AWSLambda_FullAccess", [allow("*", ["lambda:*"])]],
  ["AWSLambdaRole", [allow("*", ["lambda:InvokeFunction"])]],
  ["AWSLambdaInvocation-DynamoDB", [allow("*", ["lambda:InvokeFunction"])]],
  // They are about streams, the making of APIs and logs, of which there is nothing here.
  ["AWSLambdaDynamoDBExecutionRole", []],
  ["AmazonAPIGatewayAdministrator", []],
  ["AmazonAPIGatewayPushToCloudWatchLogs", []],
]);

/** Names of policies that could allow something here: of the two services, and of AWS's job functions. */
const COULD_COUNT =
  /dynamodb|api-?gateway|^(DatabaseAdministrator|DataScientist|SystemAdministrator|ViewOnlyAccess)$/i;

/**
 * The statements of a managed policy of AWS, by name or ARN, as far as they are about API Gateway, DynamoDB or
 * invoking functions. None for one of another service, for example AWSLambdaBasicExecutionRole or AmazonS3ReadOnlyAccess: nothing here asks for what
 * it permits.
 *
 * Throws a TemplateError for one that could allow something here and is not known, and for a policy of somebody's own
 * account, which cannot be.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function managedPolicyStatements(
  scope: Scope,
  policy: string,
  path: TemplatePath,
): PolicyStatement[] {
  const name = AWS_POLICY.exec(policy)?.groups?.name ?? "";
  const statements = STATEMENTS.get(name);
  if (statements === undefined && (name === "" || COULD_COUNT.test(name))) {
    scope.fail(path, `what ${policy} allows is not known here; write its statements instead`);
  }
  return [...(statements ?? [])];
}

function allow(resource: string, actions: readonly string[]): PolicyStatement {
  return { effect: "Allow", actions, resources: [resource] };
}

function readActions(...gets: readonly string[]): string[] {
  const actions = [...gets, "Describe*", "List*", "PartiQLSelect", "Query", "Scan"];
  return actions.map((action) => `dynamodb:${action}`);
}
