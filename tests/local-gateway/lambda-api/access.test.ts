import type { PolicyStatement } from "../../../local-gateway/template/known-policies.ts";
import { createPrincipals, FUNCTION_ARN } from "../iam/support/create-principals.ts";
import { WRONG_CREDENTIALS } from "../iam/support/wrong-credentials.ts";
import { TEMPORARY } from "../sigv4/create-verifier.ts";
import { invoke } from "./invoke.ts";
import { rejectionOf } from "./rejection-of.ts";
import { startLambdaApi } from "./start-lambda-api.ts";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:local-Fn";
const MAY_INVOKE: PolicyStatement = {
  effect: "Allow",
  actions: ["lambda:InvokeFunction"],
  resources: [ARN],
};
const MAY_NOT_INVOKE: PolicyStatement = { ...MAY_INVOKE, effect: "Deny" };

test("an invocation that is not signed is rejected", async () => {
  await using lambda = await startLambdaApi();
  const url = `${lambda.endpoint}/2015-03-31/functions/local-Fn/invocations`;
  expect(await rejectionOf(await fetch(url, { method: "POST", body: "{}" }))).toEqual({
    status: 403,
    errorType: "MissingAuthenticationTokenException",
    body: { message: "Missing Authentication Token" },
  });
  expect(await lambda.observations.take()).toMatchObject({
    kind: "invocation rejected",
    status: 403,
    problem: expect.stringContaining("you with local / local"),
  });
  expect(lambda.invocations.size).toBe(0);
});

test.each(WRONG_CREDENTIALS)("%s invokes nothing", async (_what, errorType, signing) => {
  await using lambda = await startLambdaApi({ principals: createPrincipals(MAY_INVOKE) });
  const response = await invoke(lambda.endpoint, "local-Fn", signing);
  expect(await rejectionOf(response)).toMatchObject({ status: 403, errorType });
  expect(lambda.invocations.size).toBe(0);
});

test.each([
  [{ service: "execute-api" }, "Credential should be scoped to correct service: 'lambda'. "],
  [{ region: "us-east-1" }, "Credential should be scoped to a valid region, not 'us-east-1'. "],
])("a signature for %j is not valid", async (signing, message) => {
  await using lambda = await startLambdaApi();
  expect(await rejectionOf(await invoke(lambda.endpoint, "local-Fn", signing))).toEqual({
    status: 403,
    errorType: "InvalidSignatureException",
    body: { message },
  });
});

test.each([
  ["local-Fn", [MAY_INVOKE]],
  ["local-Fn:live", [{ ...MAY_INVOKE, resources: [`${ARN}*`] }]],
])("a function that may invoke %s does", async (name, policies) => {
  await using lambda = await startLambdaApi({ principals: createPrincipals(...policies) });
  const response = await invoke(lambda.endpoint, name, { credentials: TEMPORARY });
  expect(response.status).toBe(200);
});

test.each([
  ["local-Fn", [], "local-Fn", "because no identity-based policy allows the"],
  ["local-Fn", [MAY_INVOKE, MAY_NOT_INVOKE], "local-Fn", "with an explicit deny in an"],
  ["local-Fn:live", [MAY_INVOKE], "local-Fn:live", "because no identity-based policy allows the"],
  ["no-such", [MAY_INVOKE], "no-such", "because no identity-based policy allows the"],
])(
  "a function that may not invoke %s is rejected, whether it exists or not",
  async (name, policies, resource, reason) => {
    await using lambda = await startLambdaApi({ principals: createPrincipals(...policies) });
    const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${resource}`;
    const text = `User: ${FUNCTION_ARN} is not authorized to perform: lambda:InvokeFunction on resource: ${arn} ${reason}`;
    const response = await invoke(lambda.endpoint, name, { credentials: TEMPORARY });
    expect(await rejectionOf(response)).toEqual({
      status: 403,
      errorType: "AccessDeniedException",
      body: { Message: expect.stringContaining(text) },
    });
    expect(lambda.invocations.size).toBe(0);
  },
);
