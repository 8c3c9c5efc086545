import { existingResources } from "./existing-resources.ts";
import { isOfApi } from "./is-of-api.ts";
import { PropertyReader } from "./property-reader.ts";
import { resourcesBefore } from "./references.ts";
import type { Scope } from "./scope.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * Checks that the stage of an API without SAM has a deployment, and that each deployment is created after the API's routes: it is a
 * snapshot of what exists at that moment. Warns of the routes that one does not wait for.
 *
 * @throws {TemplateError} when the stage has no deployment, with which AWS answers every upgrade with 403, or a deployment
 *   waits for no route, with which the stack fails
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-set-up-websocket-deployment.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html
 */
export function checkDeployment(
  scope: Scope,
  api: TemplateResource,
  stage: PropertyReader,
  routes: readonly TemplateResource[],
): void {
  const deployments = existingResources(scope, "AWS::ApiGatewayV2::Deployment").filter(
    (deployment) => isOfApi(scope, api, deployment),
  );
  checkStage(scope, stage, deployments);
  for (const deployment of deployments) {
    checkOrder(scope, deployment, routes);
  }
}

function checkStage(
  scope: Scope,
  stage: PropertyReader,
  deployments: readonly TemplateResource[],
): void {
  const deploymentId = stage.text("DeploymentId");
  if (deploymentId !== undefined) {
    if (!deployments.some(({ logicalId }) => logicalId === deploymentId)) {
      stage.fail("DeploymentId", `${deploymentId} is not a deployment of this API`);
    }
    return;
  }
  const stageName = stage.text("StageName");
  const isDeployed =
    stage.text("AutoDeploy") === "true" ||
    deployments.some(
      (deployment) => PropertyReader.of(scope, deployment).text("StageName") === stageName,
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
