import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LocalGatewayError } from "../errors.ts";
import { DEFAULT_TEMPLATE } from "../options.ts";

/** Where templates are found, the first that exists. Those of CDK have the names of their stacks. */
const PLACES = [DEFAULT_TEMPLATE, "template.yml", join(".aws-sam", "build", "template.yaml")];
const CDK_OUTPUT = "cdk.out";
const CDK_TEMPLATE = /\.template\.json$/;

/**
 * The template of the project in `folder`, relative to it: template.yaml, template.yml, what `sam build` made, or else
 * the one template that `cdk synth` made.
 *
 * Throws `TEMPLATE_NOT_FOUND` when there is none, or when CDK made several.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
 */
export function findTemplate(folder: string): string {
  const found = PLACES.find((place) => existsSync(join(folder, place)));
  if (found !== undefined) {
    return found;
  }
  const [only, ...others] = cdkTemplates(folder);
  if (only === undefined) {
    const places = `${PLACES.join(", ")} or ${join(CDK_OUTPUT, "*.template.json")}`;
    const sentence = `There is no ${places} here: name the template with --template.`;
    throw new LocalGatewayError("TEMPLATE_NOT_FOUND", sentence);
  }
  if (others.length > 0) {
    const names = [only, ...others].join(", ");
    const sentence = `There are several templates here: name one with --template: ${names}.`;
    throw new LocalGatewayError("TEMPLATE_NOT_FOUND", sentence);
  }
  return only;
}

function cdkTemplates(folder: string): string[] {
  const output = join(folder, CDK_OUTPUT);
  return existsSync(output)
    ? readdirSync(output)
        .filter((name) => CDK_TEMPLATE.test(name))
        .sort()
        .map((name) => join(CDK_OUTPUT, name))
    : [];
}
