import type { Authorizer } from "./authorizer.ts";
import type { PropertyReader } from "./property-reader.ts";
import { readIdentitySources } from "./read-identity-sources.ts";

/**
 * Reads the Auth of an `AWS::Serverless::WebSocketApi`, whose type has to be written in capitals: SAM lets other
 * spellings pass and then deploys no authorization. Undefined for NONE.
 *
 * Throws a TemplateError where SAM refuses the template.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-websocketapi-authconfiguration.html
 */
export function readServerlessAuthorizer(
  api: PropertyReader,
  functionIds: ReadonlyMap<string, string>,
): Authorizer | "AWS_IAM" | undefined {
  const auth: PropertyReader = api.map("Auth");
  if (auth.names.length === 0) {
    return;
  }
  const type = auth.requiredText("AuthType");
  if (type === "NONE") {
    return;
  }
  if (!api.map("Routes").names.includes("$connect")) {
    api.fail("Auth", "authorization needs a $connect route");
  }
  if (type === "AWS_IAM") {
    return auth.names.length === 1 ? type : api.fail("Auth", "AWS_IAM allows nothing beside it");
  }
  if (type !== "CUSTOM") {
    auth.fail("AuthType", `${type} is none of CUSTOM, AWS_IAM and NONE`);
  }
  const arn = auth.requiredText("AuthArn");
  const functionId = functionIds.get(arn);
  return functionId === undefined
    ? auth.fail("AuthArn", `${arn} is no Node.js function of this template`)
    : { functionId, identitySources: readIdentitySources(auth) };
}
