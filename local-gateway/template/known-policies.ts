import { attempt } from "./error.ts";
import type { TemplatePath } from "./file.ts";
import { PropertyReader } from "./reader.ts";
import type { Scope } from "./scope.ts";

/** One statement of an IAM policy; single actions and resources are lists of one. */
export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What one of SAM's policy templates allows on the table that it names. */
interface TablePolicy {
  readonly operations: readonly string[];
  /** True when it allows the same on the table's indexes. */
  readonly indexes: boolean;
}

/** The policy template for invoking a function. */
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
 * or about invoking functions. None for a template of another service: what it names may exist on AWS only.
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
  const table = `arn:${partition}:dynamodb:${region}:${accountId}:table/${parameters.requiredString("TableName")}`;
  return [
    {
      effect: "Allow",
      actions: operations.map((operation) => `dynamodb:${operation}`),
      resources: indexes ? [table, `${table}/index/*`] : [table],
    },
  ];
}

/** SAM appends a star to the name, which includes the function's versions and aliases. */
function invokeStatements(scope: Scope, parameters: PropertyReader): PolicyStatement[] {
  const functionName = attempt(() => parameters.requiredString("FunctionName"));
  if (!functionName.ok) {
    if (functionName.error.code === "TEMPLATE_UNSUPPORTED") {
      // A function of another stack or account cannot be invoked here.
      return [];
    }
    throw functionName.error;
  }
  const { partition, region, accountId } = scope.stack;
  const resource = `arn:${partition}:lambda:${region}:${accountId}:function:${functionName.value}*`;
  return [{ effect: "Allow", actions: ["lambda:InvokeFunction"], resources: [resource] }];
}

/**
 * The policy templates of SAM that allow nothing that exists here: those of other services, and of DynamoDB those for
 * backups and streams.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
const OTHER_POLICY_TEMPLATES: ReadonlySet<string> = new Set(
  `
  AMIDescribePolicy AWSSecretsManagerGetSecretValuePolicy AWSSecretsManagerRotationPolicy
  AcmGetCertificatePolicy AthenaQueryPolicy CloudFormationDescribeStacksPolicy CloudWatchDashboardPolicy
  CloudWatchDescribeAlarmHistoryPolicy CloudWatchPutMetricPolicy CodeCommitCrudPolicy CodeCommitReadPolicy
  CodePipelineLambdaExecutionPolicy CodePipelineReadOnlyPolicy ComprehendBasicAccessPolicy
  CostExplorerReadOnlyPolicy DynamoDBBackupFullAccessPolicy DynamoDBStreamReadPolicy EC2CopyImagePolicy
  EC2DescribePolicy EFSWriteAccessPolicy EKSDescribePolicy EcsRunTaskPolicy
  ElasticMapReduceAddJobFlowStepsPolicy ElasticMapReduceCancelStepsPolicy
  ElasticMapReduceModifyInstanceFleetPolicy ElasticMapReduceModifyInstanceGroupsPolicy
  ElasticMapReduceSetTerminationProtectionPolicy ElasticMapReduceTerminateJobFlowsPolicy
  ElasticsearchHttpPostPolicy EventBridgePutEventsPolicy FilterLogEventsPolicy FirehoseCrudPolicy
  FirehoseWritePolicy KMSDecryptPolicy KMSEncryptPolicy KMSEncryptPolicy_v2 KinesisCrudPolicy
  KinesisStreamReadPolicy MobileAnalyticsWriteOnlyAccessPolicy
  OrganizationsListAccountsPolicy PinpointEndpointAccessPolicy PollyFullAccessPolicy
  RekognitionDetectOnlyPolicy RekognitionFacesManagementPolicy RekognitionFacesPolicy
  RekognitionLabelsPolicy RekognitionNoDataAccessPolicy RekognitionReadPolicy
  RekognitionWriteOnlyAccessPolicy Route53ChangeResourceRecordSetsPolicy S3CrudPolicy S3FullAccessPolicy
  S3ReadPolicy S3WritePolicy SESBulkTemplatedCrudPolicy SESBulkTemplatedCrudPolicy_v2 SESCrudPolicy
  SESEmailTemplateCrudPolicy SESSendBouncePolicy SNSCrudPolicy SNSPublishMessagePolicy SQSPollerPolicy
  SQSSendMessagePolicy SSMParameterReadPolicy SSMParameterWithSlashPrefixReadPolicy
  SageMakerCreateEndpointConfigPolicy SageMakerCreateEndpointPolicy ServerlessRepoReadWriteAccessPolicy
  StepFunctionsCallbackPolicy StepFunctionsExecutionPolicy StepFunctionsExecutionPolicy_v2
  TextractDetectAnalyzePolicy TextractGetResultPolicy TextractPolicy VPCAccessPolicy
`
    .trim()
    .split(/\s+/),
);

/** A managed policy of AWS; its name may have folders before it. */
const AWS_POLICY = /^(?:arn:[\w-]+:iam::aws:policy\/)?(?:[\w-]+\/)*(?<name>[\w+=,.@-]+)$/;

/** What AWS's managed policies allow of what is checked here. */
const MANAGED_POLICIES: ReadonlyMap<string, readonly PolicyStatement[]> = new Map([
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
  // They are about streams, the creation of APIs and logs: nothing of it exists here.
  ["AWSLambdaDynamoDBExecutionRole", []],
  ["AmazonAPIGatewayAdministrator", []],
  ["AmazonAPIGatewayPushToCloudWatchLogs", []],
]);

/** Names of policies that could allow something here: of the two services, and of AWS's job functions. */
const COULD_COUNT =
  /dynamodb|api-?gateway|^(DatabaseAdministrator|DataScientist|SystemAdministrator|ViewOnlyAccess)$/i;

/**
 * The statements of a managed policy of AWS, by name or ARN, as far as they are about API Gateway, DynamoDB or invoking
 * functions. None for one of another service, for example AWSLambdaBasicExecutionRole or AmazonS3ReadOnlyAccess: nothing
 * here checks what it permits.
 *
 * Throws a TemplateError for one that could allow something here and is not known, and for a policy of an account, which
 * cannot be known.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function managedPolicyStatements(
  scope: Scope,
  policy: string,
  path: TemplatePath,
): PolicyStatement[] {
  const name = AWS_POLICY.exec(policy)?.groups?.name ?? "";
  const statements = MANAGED_POLICIES.get(name);
  if (statements === undefined && (name === "" || COULD_COUNT.test(name))) {
    const message = `what ${policy} allows is not known here; write its statements instead`;
    scope.unsupported(path, message);
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
