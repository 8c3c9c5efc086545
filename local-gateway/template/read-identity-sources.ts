import type { PropertyReader } from "./property-reader.ts";

const SOURCE =
  /^(route\.request\.(header|querystring)\.\S+|stageVariables\.\w+|context\.\w+(\.\w+)*)$/;

/**
 * Reads the IdentitySource of an authorizer: a list, or one text with commas. Throws a TemplateError for what is no
 * source of a WebSocket API; the `$request…` expressions are those of HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html
 */
export function readIdentitySources(properties: PropertyReader): readonly string[] {
  const sources = properties
    .texts("IdentitySource")
    .flatMap((text) => text.split(","))
    .map((source) => source.trim());
  const wrong = sources.find((source) => !SOURCE.test(source));
  return wrong === undefined
    ? sources
    : properties.fail("IdentitySource", `${wrong} is no identity source of a WebSocket API`);
}
