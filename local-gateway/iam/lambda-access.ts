import { Access } from "./access.ts";
import type { Permission } from "./policy.ts";
import type { Principals } from "./principals.ts";

/**
 * Who may invoke functions: a function needs `lambda:InvokeFunction` on the function that it invokes. Denied calls have
 * status 403.
 *
 * A call is the ARN of the invoked function, with the qualifier if there is one; undefined when it names none.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-identity-based.html
 */
export class LambdaAccess extends Access<string | undefined> {
  constructor({
    region,
    principals,
  }: { readonly region: string; readonly principals: Principals }) {
    super({ service: "lambda", region, principals });
  }

  protected override permissions(functionArn: string | undefined): Permission[] {
    return functionArn === undefined
      ? []
      : [{ action: "lambda:InvokeFunction", resource: functionArn }];
  }
}
