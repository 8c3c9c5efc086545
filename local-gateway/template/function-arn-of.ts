/**
 * The function's ARN in the URI by which API Gateway invokes it, `arn:…:lambda:path/2015-03-31/functions/{arn}/invocations`;
 * any other text as it is.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html
 */
export function functionArnOf(uri: string): string {
  return /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
}
