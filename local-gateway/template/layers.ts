import { type CodeSource, readCode, readLayerFolder } from "./code.ts";
import { attempt } from "./error.ts";
import { existingResources } from "./resources.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { isIntrinsic, NO_VALUE } from "./values.ts";

/** A layer of the template. */
export interface LayerDefinition extends CodeSource {
  readonly logicalId: string;
  /** Where its content is below `/opt`, for example `nodejs`; empty when it is at the top. */
  readonly folder: string;
}

/**
 * Reads the layers of a function, in their order. One that is not on this machine, because it has an ARN of another stack
 * or because its content is in S3, is left out with a warning.
 *
 * Throws a TemplateError when the content of a layer does not exist.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
 */
export function readLayers(
  scope: Scope,
  { logicalId, properties }: TemplateResource,
): readonly LayerDefinition[] {
  const path = ["Resources", logicalId, "Properties", "Layers"];
  const { Layers: written = [] } = properties;
  // Each is resolved alone, so that one that only AWS knows does not hide the others.
  const list = [isIntrinsic(written) ? scope.resolve(written, path) : written].flat();
  return list.flatMap((item, index) => readLayer(scope, item, [...path, index]) ?? []);
}

function readLayer(
  scope: Scope,
  item: unknown,
  path: (string | number)[],
): LayerDefinition | undefined {
  const resolved = attempt(() => scope.resolve(item, path));
  if (resolved.ok && resolved.value === NO_VALUE) {
    return;
  }
  const name = resolved.ok ? String(resolved.value) : "that only AWS knows";
  const resource = layerResources(scope).find(
    (layer) => scope.attribute(layer.logicalId, undefined, path) === name,
  );
  if (resource === undefined) {
    scope.warn(path, `the layer ${name} is not in the template: the function runs without it`);
    return;
  }
  const code = attempt(() => readCode(scope, resource));
  if (!code.ok && code.error.code === "TEMPLATE_UNSUPPORTED") {
    scope.warn(path, `the function runs without this layer: ${code.error.message}`);
    return;
  }
  if (!code.ok) {
    throw code.error;
  }
  const { logicalId } = resource;
  return { logicalId, folder: readLayerFolder(scope, resource), ...code.value };
}

function layerResources(scope: Scope): TemplateResource[] {
  return ["AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion"].flatMap((type) =>
    existingResources(scope, type),
  );
}
