import { namesIn } from "./names.ts";
import { PropertyReader } from "./reader.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import type { TemplateStage } from "./stage.ts";

/**
 * Checks that the stages of an API without SAM have a deployment, and that each deployment is created after the API's
 * routes: it is a snapshot of what exists at that moment. Warns of the routes that one does not wait for.
 *
 * @param deployments of the API
 * @param routes of the API
 * @throws {TemplateError} when a stage has no deployment, so that AWS answers every upgrade with 403, or a deployment
 *   waits for no route, so that the stack fails
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-set-up-websocket-deployment.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html
 */
export function checkDeployments(
  scope: Scope,
  stages: readonly TemplateStage[],
  deployments: readonly TemplateResource[],
  routes: readonly TemplateResource[],
): void {
  for (const { properties } of stages) {
    checkStage(scope, properties, deployments);
  }
  for (const deployment of deployments) {
    checkOrder(scope, deployment, routes);
  }
}

function checkStage(
  scope: Scope,
  stage: PropertyReader,
  deployments: readonly TemplateResource[],
): void {
  const deploymentId = stage.string("DeploymentId");
  if (deploymentId !== undefined) {
    if (!deployments.some(({ logicalId }) => logicalId === deploymentId)) {
      stage.fail("DeploymentId", `${deploymentId} is not a deployment of this API`);
    }
    return;
  }
  const stageName = stage.string("StageName");
  const isDeployed =
    stage.string("AutoDeploy") === "true" ||
    deployments.some(
      (deployment) => PropertyReader.of(scope, deployment).string("StageName") === stageName,
    );
  if (!isDeployed) {
    stage.fail(
      "StageName",
      "the stage has no deployment, and AWS answers every upgrade with 403: it needs AutoDeploy: true or a DeploymentId",
    );
  }
}

function checkOrder(
  scope: Scope,
  { logicalId, dependsOn }: TemplateResource,
  routes: readonly TemplateResource[],
): void {
  const path = ["Resources", logicalId, "DependsOn"];
  for (const name of dependsOn) {
    if (!scope.resources.has(name)) {
      // One that SAM generates may be meant.
      scope.attribute(name, undefined, path);
    }
  }
  const before = resourcesBefore(scope, logicalId);
  const missing = routes.map((route) => route.logicalId).filter((id) => !before.has(id));
  if (missing.length === routes.length) {
    scope.fail(path, "At least one route is required before deploying the Api: name every route");
  }
  if (missing.length > 0) {
    scope.warn(path, `does not wait for ${missing.join(", ")}: what is deployed may lack them`);
  }
}

/**
 * The logical ids of the resources that CloudFormation creates before a resource, because it depends on them or refers
 * to them, directly or by way of others.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
function resourcesBefore(scope: Scope, logicalId: string): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [logicalId];
  for (const id of pending) {
    const resource = scope.resources.get(id);
    const names = resource ? [...resource.dependsOn, ...namesIn(resource.properties)] : [];
    for (const name of names) {
      if (scope.resources.has(name) && !found.has(name)) {
        found.add(name);
        pending.push(name);
      }
    }
  }
  return found;
}
