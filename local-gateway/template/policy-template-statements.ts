import { OTHER_POLICY_TEMPLATES } from "./other-policy-templates.ts";
import type { PolicyStatement } from "./policy-statement.ts";
import { PropertyReader } from "./property-reader.ts";
import type { Scope } from "./scope.ts";
import { TemplateError } from "./template-error.ts";
import type { TemplatePath } from "./template-file.ts";

/** What one of SAM's policy templates allows on the table that it names. */
interface TablePolicy {
  readonly operations: readonly string[];
  /** True when it is for the table's indexes too. */
  readonly indexes: boolean;
}

/** The policy template that is about invoking a function. */
const INVOKE = "LambdaInvokePolicy";

const READ = ["GetItem", "Scan", "Query", "BatchGetItem", "DescribeTable"];
const WRITE = ["PutItem", "UpdateItem", "BatchWriteItem"];

const TABLE_POLICIES: ReadonlyMap<string, TablePolicy> = new Map([
  [
    "DynamoDBCrudPolicy",
    { operations: [...READ, ...WRITE, "DeleteItem", "ConditionCheckItem"], indexes: true },
  ],
  ["DynamoDBReadPolicy", { operations: READ, indexes: true }],
  ["DynamoDBWritePolicy", { operations: WRITE, indexes: true }],
  ["DynamoDBReconfigurePolicy", { operations: ["UpdateTable"], indexes: false }],
  [
    "DynamoDBRestoreFromBackupPolicy",
    { operations: [...WRITE, "DeleteItem", "GetItem", "Query", "Scan"], indexes: false },
  ],
]);

/**
 * The statements of a policy template of SAM, `{TemplateName: {Parameter: value}}`, as far as they are about tables
 * or invoke functions. None for a template of another service: what it names may exist on AWS only.
 *
 * Throws a TemplateError for a name that SAM does not know either.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
export function policyTemplateStatements(
  scope: Scope,
  policy: Readonly<Record<string, unknown>>,
  path: TemplatePath,
): PolicyStatement[] {
  const [name = "", ...others] = Object.keys(policy);
  const template = TABLE_POLICIES.get(name);
  const isKnown = template !== undefined || name === INVOKE || OTHER_POLICY_TEMPLATES.has(name);
  if (others.length > 0 || !isKnown) {
    scope.fail(path, "is neither a policy document nor one of SAM's policy templates");
  }
  const parameters: PropertyReader = new PropertyReader(scope, path, policy);
  if (name === INVOKE) {
    return invokeStatements(scope, parameters.map(name));
  }
  return template === undefined ? [] : tableStatements(scope, parameters.map(name), template);
}

function tableStatements(
  scope: Scope,
  parameters: PropertyReader,
  { operations, indexes }: TablePolicy,
): PolicyStatement[] {
  const { partition, region, accountId } = scope.stack;
  const table = `arn:${partition}:dynamodb:${region}:${accountId}:table/${parameters.requiredText("TableName")}`;
  return [
    {
      effect: "Allow",
      actions: operations.map((operation) => `dynamodb:${operation}`),
      resources: indexes ? [table, `${table}/index/*`] : [table],
    },
  ];
}

/** SAM puts a star behind the name, so that it is also for the function's versions and aliases. */
function invokeStatements(scope: Scope, parameters: PropertyReader): PolicyStatement[] {
  const functionName = readFunctionName(parameters);
  if (functionName === undefined) {
    return [];
  }
  const { partition, region, accountId } = scope.stack;
  const resource = `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}*`;
  return [{ effect: "Allow", actions: ["lambda:InvokeFunction"], resources: [resource] }];
}

/** Undefined for a function that exists on AWS only: nobody can invoke it here. */
function readFunctionName(parameters: PropertyReader): string | undefined {
  try {
    return parameters.requiredText("FunctionName");
  } catch (error) {
    if (error instanceof TemplateError) {
      return undefined;
    }
    throw error;
  }
}
