import type { Stack } from "./stack.ts";

/** What a deployed resource would be known by: its Ref and its attributes, each computed from its physical name. */
export interface ResourceAttributes {
  /** The property that may give the physical name. */
  readonly nameProperty?: string;
  readonly ref: (name: string, stack: Stack, logicalId: string) => string;
  readonly attributes: Readonly<
    Record<string, (name: string, stack: Stack, logicalId: string) => string>
  >;
}

const TABLE: ResourceAttributes = {
  nameProperty: "TableName",
  ref: (name) => name,
  attributes: {
    Arn: (name, stack) => arn(stack, "dynamodb", `table/${name}`),
    // Its label is the time at which the stream was switched on.
    StreamArn: (name, stack) =>
      arn(stack, "dynamodb", `table/${name}/stream/2025-01-01T00:00:00.000`),
  },
};

const API: ResourceAttributes = {
  ref: (_name, { apiId }, logicalId) => apiId(logicalId),
  attributes: {
    ApiId: (_name, { apiId }, logicalId) => apiId(logicalId),
    ApiEndpoint: (_name, { apiId, region, urlSuffix }, logicalId) =>
      `wss://${apiId(logicalId)}.execute-api.${region}.${urlSuffix}`,
  },
};

const FUNCTION: ResourceAttributes = {
  nameProperty: "FunctionName",
  ref: (name) => name,
  attributes: { Arn: (name, stack) => arn(stack, "lambda", `function:${name}`) },
};

/** On AWS an id that API Gateway makes up; here the logical id serves. */
const IDENTIFIED: ResourceAttributes = {
  ref: (_name, _stack, logicalId) => logicalId,
  attributes: {},
};

/**
 * The resources that others may refer to here, by type.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const RESOURCE_ATTRIBUTES: Readonly<Record<string, ResourceAttributes>> = {
  "AWS::DynamoDB::Table": TABLE,
  "AWS::Serverless::SimpleTable": TABLE,
  "AWS::Serverless::Function": FUNCTION,
  "AWS::Lambda::Function": FUNCTION,
  "AWS::Serverless::WebSocketApi": API,
  "AWS::ApiGatewayV2::Api": API,
  "AWS::ApiGatewayV2::Stage": { nameProperty: "StageName", ref: (name) => name, attributes: {} },
  "AWS::ApiGatewayV2::Route": IDENTIFIED,
  "AWS::ApiGatewayV2::Integration": IDENTIFIED,
  "AWS::ApiGatewayV2::Authorizer": IDENTIFIED,
  "AWS::ApiGatewayV2::Deployment": IDENTIFIED,
  "AWS::Logs::LogGroup": {
    nameProperty: "LogGroupName",
    ref: (name) => name,
    attributes: { Arn: (name, stack) => arn(stack, "logs", `log-group:${name}:*`) },
  },
  "AWS::IAM::Role": {
    nameProperty: "RoleName",
    ref: (name) => name,
    attributes: {
      Arn: (name, { partition, accountId }) => `arn:${partition}:iam::${accountId}:role/${name}`,
    },
  },
};

function arn({ partition, region, accountId }: Stack, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
