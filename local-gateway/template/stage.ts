import type { PropertyReader } from "./reader.ts";

/** The name in the path of URLs: `$default` is there as it is. */
const STAGE_NAME = /^(?:\$default|[\w-]{1,128})$/;

/**
 * The StageName of a stage, or of SAM's API; undefined when there is none.
 *
 * @throws {TemplateError} for a name that AWS rejects
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function readStageName(properties: PropertyReader): string | undefined {
  const name = properties.string("StageName");
  return name === undefined || STAGE_NAME.test(name)
    ? name
    : properties.fail(
        "StageName",
        `"${name}" is not a valid stage name: up to 128 letters, digits, hyphens and underscores, or $default`,
      );
}

/**
 * The StageVariables of a stage, or of SAM's API; empty when there are none.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html
 */
export function readStageVariables(properties: PropertyReader): Readonly<Record<string, string>> {
  const variables = properties.map("StageVariables");
  const values = variables.names.map((name) => [name, variables.string(name)] as const);
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
