import { TemplateError, type TemplatePath } from "./file.ts";
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
