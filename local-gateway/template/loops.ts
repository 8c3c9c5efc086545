import type { TemplateFile } from "./file.ts";
import { isRecord } from "./values.ts";

/** How the key of a loop begins: it stands for resources or properties that CloudFormation makes of a list. */
const LOOP = "Fn::ForEach::";

/** The types of what runs whether or not anything refers to it. */
const RUNNING =
  /^AWS::(?:ApiGatewayV2::.*|Serverless::(?:WebSocketApi|SimpleTable)|DynamoDB::Table|Lambda::Permission)$/;

/** True for the key of a loop. */
export function isLoop(key: string): boolean {
  return key.startsWith(LOOP);
}

/**
 * The loops among the resources of a template that are left out, because what they make does not run here by itself.
 *
 * @throws {TemplateError} for a loop that makes a part of an API, a table or a permission, and for a malformed one
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function leftOutLoops(template: TemplateFile): readonly string[] {
  const loops = Object.entries(template.section("Resources")).filter(([key]) => isLoop(key));
  return loops.map(([key, loop]) => {
    const types = typesIn(loop);
    if (types.length === 0 || types.some((type) => RUNNING.test(type))) {
      throw template.error("TEMPLATE_UNSUPPORTED", ["Resources", key], UNSUPPORTED);
    }
    return key;
  });
}

/** Why a loop is rejected or left out. */
export const UNSUPPORTED = "language extensions are not supported";

/** The types of the resources in the last item of a loop, and of those in loops below it. */
function typesIn(loop: unknown): string[] {
  const output: unknown = Array.isArray(loop) ? loop.at(-1) : undefined;
  return Object.entries(isRecord(output) ? output : {}).flatMap(([key, resource]) => {
    const type = isRecord(resource) && typeof resource.Type === "string" ? [resource.Type] : [];
    return isLoop(key) ? typesIn(resource) : type;
  });
}
