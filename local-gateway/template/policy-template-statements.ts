import { OTHER_POLICY_TEMPLATES } from "./other-policy-templates.ts";
import type { PolicyStatement } from "./policy-statement.ts";
import { PropertyReader } from "./property-reader.ts";
import type { Scope } from "./scope.ts";
import type { TemplatePath } from "./template-file.ts";

/** What one of SAM's policy templates allows on the table that it names. */
interface TablePolicy {
  readonly operations: readonly string[];
  /** True when it is for the table's indexes too. */
  readonly indexes: boolean;
}

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
 * The statements of a policy template of SAM, `{TemplateName: {Parameter: value}}`, as far as they are about tables.
 * None for a template of another service, whose parameters are not even read: what they name may exist on AWS only.
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
  if (others.length > 0 || (template === undefined && !OTHER_POLICY_TEMPLATES.has(name))) {
    scope.fail(path, "is neither a policy document nor one of SAM's policy templates");
  }
  if (template === undefined) {
    return [];
  }
  const parameters: PropertyReader = new PropertyReader(scope, path, policy).map(name);
  const { partition, region, accountId } = scope.stack;
  const table = `arn:${partition}:dynamodb:${region}:${accountId}:table/${parameters.requiredText("TableName")}`;
  return [
    {
      effect: "Allow",
      actions: template.operations.map((operation) => `dynamodb:${operation}`),
      resources: template.indexes ? [table, `${table}/index/*`] : [table],
    },
  ];
}
