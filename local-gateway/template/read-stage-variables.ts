import type { PropertyReader } from "./property-reader.ts";

/**
 * The StageVariables of a stage, or of SAM's API; empty when there are none.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html
 */
export function readStageVariables(properties: PropertyReader): Readonly<Record<string, string>> {
  const variables = properties.map("StageVariables");
  const values = variables.names.map((name) => [name, variables.text(name)] as const);
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
