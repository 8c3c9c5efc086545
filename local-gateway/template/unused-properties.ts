import { isWebSocketApi } from "./custom-domains.ts";
import type { TemplatePath } from "./file.ts";
import { namesIn } from "./names.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { suggest } from "./suggestion.ts";
import { isRecord } from "./values.ts";

/**
 * The properties that are read here, and those with which nothing changes for a client or for the code of a function: what
 * describes, encrypts, traces or deploys.
 */
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    "AWS::Serverless::WebSocketApi":
      "Auth DefaultRouteSettings Description Domain Name PropagateTags RouteSelectionExpression RouteSettings Routes StageName StageVariables Tags",
    "AWS::ApiGatewayV2::Api": "Description Name ProtocolType RouteSelectionExpression Tags Version",
    "AWS::ApiGatewayV2::Stage":
      "ApiId AutoDeploy DefaultRouteSettings DeploymentId Description RouteSettings StageName StageVariables Tags",
    "AWS::Serverless::Function":
      "Architectures AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties AutoPublishCodeSha256 CodeSigningConfigArn CodeUri DeploymentPreference Description Environment EventInvokeConfig Events FunctionName Handler InlineCode KmsKeyArn Layers LoggingConfig MemorySize PackageType Policies PropagateTags RecursiveLoop ReservedConcurrentExecutions Role RolePath Runtime RuntimeManagementConfig SourceKmsKeyArn Tags Timeout Tracing VersionDeletionPolicy VersionDescription",
    "AWS::Lambda::Function":
      "Architectures Code CodeSigningConfigArn Description Environment FunctionName Handler KmsKeyArn Layers LoggingConfig MemorySize PackageType RecursiveLoop ReservedConcurrentExecutions Role Runtime RuntimeManagementConfig Tags Timeout TracingConfig",
  }).map(([type, names]) => [type, new Set(names.split(" "))]),
);

/** What is so here instead. */
const EFFECTS: Readonly<Record<string, string>> = {
  AccessLogSettings: "no access log is written",
  ApiKeySelectionExpression: "API keys are not checked",
  DeadLetterConfig: "an event that has failed too often is dropped",
  DeadLetterQueue: "an event that has failed too often is dropped",
  DisableExecuteApiEndpoint: "clients connect to the API's own address",
  DisableSchemaValidation: "no message is validated",
  EphemeralStorage: "a function has the disk of this machine",
  FileSystemConfigs: "nothing is mounted",
  FunctionUrlConfig: "the function has no URL",
  IpAddressType: "the gateway listens on the address of --host",
  PermissionsBoundary: "it restricts no policy",
  VpcConfig: "a function has the network of this machine",
};

/**
 * Warns of the properties of the WebSocket APIs, their stages and the functions that run, which have no effect here. One
 * that several resources have is one line.
 */
export function warnOfUnusedProperties(
  scope: Scope,
  isRunning: (functionId: string) => boolean,
): void {
  const unused = [...KNOWN].flatMap(([type, known]) =>
    existingResources(scope, type)
      .filter((resource) => isPartOf(scope, resource, isRunning))
      .flatMap((resource) => unusedIn(scope, resource, known)),
  );
  for (const { name, path, logicalId, known } of unused) {
    const [first, ...others] = unused.filter((other) => other.name === name);
    if (first?.logicalId === logicalId) {
      const effect = EFFECTS[name];
      const ending = effect === undefined ? suggest(name, known) : `: ${effect}`;
      const also = others.map((other) => other.logicalId).join(", ");
      const message = `has no effect here${ending}`;
      scope.warn(path, also === "" ? message : `${message}; the same for ${also}`);
    }
  }
}

/** Whether a resource is a function that runs, a WebSocket API, or the stage of one. */
function isPartOf(
  scope: Scope,
  { logicalId, type, properties }: TemplateResource,
  isRunning: (functionId: string) => boolean,
): boolean {
  if (type.endsWith("::Function")) {
    return isRunning(logicalId);
  }
  const names = type.endsWith("::Stage") ? namesIn(properties.ApiId) : [logicalId];
  return names.some((name) => isWebSocketApi(scope, name));
}

interface UnusedProperty {
  readonly name: string;
  readonly logicalId: string;
  readonly path: TemplatePath;
  readonly known: ReadonlySet<string>;
}

function unusedIn(
  scope: Scope,
  { logicalId, properties }: TemplateResource,
  known: ReadonlySet<string>,
): UnusedProperty[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const path = ["Resources", logicalId, "Properties", name];
    const isDefault = value === false || value === "ipv4" || isAbsent(scope, value, path);
    return known.has(name) || isDefault ? [] : [{ name, logicalId, path, known }];
  });
}

/** Whether a value is `AWS::NoValue`, by itself or as what Fn::If chooses. */
function isAbsent(scope: Scope, value: unknown, path: TemplatePath): boolean {
  if (!isRecord(value)) {
    return false;
  }
  const { Ref, "Fn::If": choice } = value;
  if (!Array.isArray(choice) || typeof choice[0] !== "string") {
    return Ref === "AWS::NoValue";
  }
  return isAbsent(scope, choice[scope.condition(choice[0], path) ? 1 : 2], path);
}
