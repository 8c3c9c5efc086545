import type { Stack } from "./stack.ts";

/** A resource as it would be deployed. */
interface NamedResource {
  /** The physical name. */
  readonly name: string;
  readonly logicalId: string;
  readonly stack: Stack;
}

type Value = (resource: NamedResource) => string;

/** What Ref and Fn::GetAtt give for the resources of one type. */
interface ResourceAttributes {
  /** The property that may give the physical name. */
  readonly nameProperty?: string;
  readonly ref: Value;
  readonly attributes: Readonly<Record<string, Value>>;
}

const named: Value = ({ name }) => name;

/** The value that makes an ARN of a service from the physical name: `queue:` puts this before it. */
function arn(service: string, prefix = ""): Value {
  return ({ name, stack: { partition, region, accountId } }) =>
    `arn:${partition}:${service}:${region}:${accountId}:${prefix}${name}`;
}

const apiId: Value = ({ logicalId, stack }) => stack.apiId(logicalId);

const TABLE: ResourceAttributes = {
  nameProperty: "TableName",
  ref: named,
  attributes: {
    Arn: arn("dynamodb", "table/"),
    // Its label is the time at which the stream was switched on.
    StreamArn: (resource) =>
      `${arn("dynamodb", "table/")(resource)}/stream/2025-01-01T00:00:00.000`,
  },
};

const API: ResourceAttributes = {
  ref: apiId,
  attributes: {
    ApiId: apiId,
    ApiEndpoint: (resource) =>
      `wss://${apiId(resource)}.execute-api.${resource.stack.region}.${resource.stack.urlSuffix}`,
  },
};

const FUNCTION: ResourceAttributes = {
  nameProperty: "FunctionName",
  ref: named,
  attributes: { Arn: arn("lambda", "function:") },
};

const LAYER: ResourceAttributes = {
  nameProperty: "LayerName",
  ref: (resource) => `${arn("lambda", "layer:")(resource)}:1`,
  attributes: { LayerVersionArn: (resource) => `${arn("lambda", "layer:")(resource)}:1` },
};

/** On AWS the Ref is an id that API Gateway makes up; here it is the logical id. */
const IDENTIFIED: ResourceAttributes = { ref: ({ logicalId }) => logicalId, attributes: {} };

/**
 * The types of resources that exist here, or are only a description of something that does.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const LOCAL_RESOURCES: Readonly<Record<string, ResourceAttributes>> = {
  "AWS::DynamoDB::Table": TABLE,
  "AWS::Serverless::SimpleTable": TABLE,
  "AWS::Serverless::Function": FUNCTION,
  "AWS::Lambda::Function": FUNCTION,
  "AWS::Serverless::LayerVersion": LAYER,
  "AWS::Lambda::LayerVersion": LAYER,
  "AWS::Serverless::WebSocketApi": API,
  "AWS::ApiGatewayV2::Api": API,
  "AWS::ApiGatewayV2::Stage": { nameProperty: "StageName", ref: named, attributes: {} },
  "AWS::ApiGatewayV2::Route": IDENTIFIED,
  "AWS::ApiGatewayV2::Integration": IDENTIFIED,
  "AWS::ApiGatewayV2::Authorizer": IDENTIFIED,
  "AWS::ApiGatewayV2::Deployment": IDENTIFIED,
  "AWS::ApiGatewayV2::DomainName": { nameProperty: "DomainName", ref: named, attributes: {} },
  "AWS::Logs::LogGroup": {
    nameProperty: "LogGroupName",
    ref: named,
    attributes: { Arn: (resource) => `${arn("logs", "log-group:")(resource)}:*` },
  },
  "AWS::IAM::Role": {
    nameProperty: "RoleName",
    ref: named,
    attributes: {
      Arn: ({ name, stack }) => `arn:${stack.partition}:iam::${stack.accountId}:role/${name}`,
    },
  },
};

const bucketName: Value = ({ name }) => name.toLowerCase();
const bucketHost =
  (service: string): Value =>
  (resource) =>
    `${bucketName(resource)}.${service}.${resource.stack.urlSuffix}`;

const queueUrl: Value = ({ name, stack: { region, accountId, urlSuffix } }) =>
  `https://sqs.${region}.${urlSuffix}/${accountId}/${name}`;

/** Letters and digits that stay the same for the same name, as in the ids that AWS makes up. */
function idOf(name: string, length: number): string {
  return name
    .replace(/[^a-zA-Z0-9]/g, "")
    .padEnd(length, "0")
    .slice(0, length);
}

const userPoolId: Value = ({ name, stack }) => `${stack.region}_${idOf(name, 9)}`;
const userPoolHost: Value = (resource) =>
  `cognito-idp.${resource.stack.region}.${resource.stack.urlSuffix}/${userPoolId(resource)}`;
const uuid: Value = ({ logicalId, stack }) => {
  const digits = Buffer.from(stack.apiId(logicalId)).toString("hex").padEnd(32, "0");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
};
const secretArn: Value = (resource) => `${arn("secretsmanager", "secret:")(resource)}-AbCdEf`;

const STATE_MACHINE: ResourceAttributes = {
  ref: arn("states", "stateMachine:"),
  attributes: { Arn: arn("states", "stateMachine:"), Name: named },
};

/** The types of other services whose values are not of the general form, see `placeholderFor`. */
const OTHER_RESOURCES: Readonly<Record<string, ResourceAttributes>> = {
  "AWS::ApiGateway::RestApi": { ref: apiId, attributes: { RestApiId: apiId } },
  "AWS::ApiGatewayV2::Api": API,
  "AWS::Serverless::Api": { ref: apiId, attributes: {} },
  "AWS::Serverless::HttpApi": { ref: apiId, attributes: {} },
  "AWS::Cognito::IdentityPool": {
    ref: (resource) => `${resource.stack.region}:${uuid(resource)}`,
    attributes: {},
  },
  "AWS::Cognito::UserPool": {
    ref: userPoolId,
    attributes: {
      Arn: (resource) =>
        arn("cognito-idp", "userpool/")({ ...resource, name: userPoolId(resource) }),
      ProviderName: userPoolHost,
      ProviderURL: (resource) => `https://${userPoolHost(resource)}`,
      UserPoolId: userPoolId,
    },
  },
  "AWS::Cognito::UserPoolClient": {
    ref: ({ name }) => idOf(name.toLowerCase(), 26),
    attributes: { ClientId: ({ name }) => idOf(name.toLowerCase(), 26) },
  },
  "AWS::DynamoDB::GlobalTable": TABLE,
  "AWS::Events::EventBus": { ref: named, attributes: { Arn: arn("events", "event-bus/") } },
  "AWS::Events::Rule": { ref: named, attributes: { Arn: arn("events", "rule/") } },
  "AWS::Kinesis::Stream": { ref: named, attributes: { Arn: arn("kinesis", "stream/") } },
  "AWS::KinesisFirehose::DeliveryStream": {
    ref: named,
    attributes: { Arn: arn("firehose", "deliverystream/") },
  },
  "AWS::KMS::Key": {
    ref: uuid,
    attributes: {
      Arn: (resource) => arn("kms", "key/")({ ...resource, name: uuid(resource) }),
      KeyId: uuid,
    },
  },
  "AWS::S3::Bucket": {
    ref: bucketName,
    attributes: {
      Arn: (resource) => `arn:${resource.stack.partition}:s3:::${bucketName(resource)}`,
      DomainName: bucketHost("s3"),
      RegionalDomainName: (resource) => bucketHost(`s3.${resource.stack.region}`)(resource),
      WebsiteURL: (resource) =>
        `http://${bucketHost(`s3-website-${resource.stack.region}`)(resource)}`,
    },
  },
  "AWS::SecretsManager::Secret": { ref: secretArn, attributes: { Id: secretArn } },
  "AWS::Serverless::StateMachine": STATE_MACHINE,
  "AWS::StepFunctions::StateMachine": STATE_MACHINE,
  "AWS::SNS::Topic": {
    ref: arn("sns"),
    attributes: { TopicArn: arn("sns"), TopicName: named },
  },
  "AWS::SQS::Queue": {
    ref: queueUrl,
    attributes: { Arn: arn("sqs"), QueueName: named, QueueUrl: queueUrl },
  },
  "AWS::SSM::Parameter": { ref: named, attributes: { Arn: arn("ssm", "parameter/") } },
};

/**
 * A value of the form that AWS would give for the Ref, or for an attribute, of a resource that does not exist here. For a
 * type that is not known its form is guessed from the name of the attribute.
 */
export function placeholderFor(
  type: string,
  attribute: string | undefined,
  resource: NamedResource,
): string {
  const known = OTHER_RESOURCES[type];
  const value = attribute === undefined ? known?.ref : known?.attributes[attribute];
  const [, service = ""] = type.toLowerCase().split("::");
  const { name } = resource;
  return (
    value?.(resource) ??
    (attribute === undefined
      ? name
      : placeholderNamed(`${name}-${attribute}`, resource.stack, service))
  );
}

/**
 * A value that fits the end of its name: an ARN, a URL, a host or a port, and otherwise the name itself. The host is
 * in a domain that no name server has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.4
 */
export function placeholderNamed(name: string, stack: Stack, service = "cloudformation"): string {
  const host = `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}.invalid`;
  if (/arn$/i.test(name)) {
    return arn(service)({
      name: name.replace(/[^a-z0-9]*arn$/i, "") || name,
      logicalId: name,
      stack,
    });
  }
  if (/(url|uri|endpoint)$/i.test(name)) {
    return `https://${host}`;
  }
  if (/(address|domain|domainname|host|hostname)$/i.test(name)) {
    return host;
  }
  return /port$/i.test(name) ? "9" : name;
}

/** The properties that may give the physical name of a resource of this type. */
export function namePropertiesOf(type: string): readonly string[] {
  const { nameProperty } = LOCAL_RESOURCES[type] ?? OTHER_RESOURCES[type] ?? {};
  if (nameProperty !== undefined || LOCAL_RESOURCES[type] !== undefined) {
    return nameProperty === undefined ? [] : [nameProperty];
  }
  // AWS has named nearly all of them in one of these two ways.
  return [`${type.slice(type.lastIndexOf(":") + 1)}Name`, "Name"];
}
