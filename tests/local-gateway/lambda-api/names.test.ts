import { invoke } from "./invoke.ts";
import { rejectionOf } from "./rejection-of.ts";
import { startLambdaApi } from "./start-lambda-api.ts";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:local-Fn";

test.each([
  ["local-Fn", undefined, ARN, "$LATEST"],
  ["local-Fn:$LATEST", undefined, `${ARN}:$LATEST`, "$LATEST"],
  ["local-Fn", "$LATEST", `${ARN}:$LATEST`, "$LATEST"],
  ["local-Fn:$LATEST", "$LATEST", `${ARN}:$LATEST`, "$LATEST"],
  ["local-Fn:live", undefined, `${ARN}:live`, "1"],
  ["local-Fn", "live", `${ARN}:live`, "1"],
  ["local-Fn:1", undefined, `${ARN}:1`, "1"],
  ["123456789012:function:local-Fn", undefined, ARN, "$LATEST"],
  ["function:local-Fn", undefined, ARN, "$LATEST"],
  [ARN, undefined, ARN, "$LATEST"],
  [`${ARN}:live`, undefined, `${ARN}:live`, "1"],
])(
  "the name %s with the qualifier %s finds the function",
  async (name, qualifier, arn, version) => {
    await using lambda = await startLambdaApi();
    const response = await invoke(
      lambda.endpoint,
      name,
      qualifier === undefined ? {} : { qualifier },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("x-amz-executed-version")).toBe(version);
    const { invocation } = await lambda.invocations.take();
    expect(invocation?.context).toEqual({ invokedFunctionArn: arn, functionVersion: version });
  },
);

test.each([
  ["Fn", undefined, "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:Fn"],
  ["local-Fn:2", undefined, `Function not found: ${ARN}:2`],
  ["local-Fn", "dead", `Function not found: ${ARN}:dead`],
  [
    "210987654321:function:local-Fn",
    undefined,
    "Function not found: arn:aws:lambda:eu-west-1:210987654321:function:local-Fn",
  ],
  [
    ARN.replace("eu-west-1", "us-east-1"),
    undefined,
    "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
  ],
])("the name %s with the qualifier %s finds nothing", async (name, qualifier, message) => {
  await using lambda = await startLambdaApi();
  const response = await invoke(
    lambda.endpoint,
    name,
    qualifier === undefined ? {} : { qualifier },
  );
  expect(await rejectionOf(response)).toEqual({
    status: 404,
    errorType: "ResourceNotFoundException",
    body: { Type: "User", Message: message },
  });
  expect(lambda.invocations.size).toBe(0);
});

test("the log says which functions there are", async () => {
  await using lambda = await startLambdaApi();
  await invoke(lambda.endpoint, "Fn");
  expect(await lambda.observations.take()).toEqual({
    kind: "invocation rejected",
    status: 404,
    problem:
      "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:Fn; the template has local-Fn",
  });
});

test("two qualifiers that differ are one too many", async () => {
  await using lambda = await startLambdaApi();
  const response = await invoke(lambda.endpoint, "local-Fn:live", { qualifier: "$LATEST" });
  expect(await rejectionOf(response)).toEqual({
    status: 400,
    errorType: "InvalidParameterValueException",
    body: {
      Type: "User",
      message:
        "The derived qualifier from the function name does not match the specified qualifier.",
    },
  });
});

test.each(["local Fn", "arn:aws:sqs:eu-west-1:123456789012:queue", "a:b:c", "é", "%"])(
  "the name %s cannot be one",
  async (name) => {
    await using lambda = await startLambdaApi();
    expect(await rejectionOf(await invoke(lambda.endpoint, name))).toMatchObject({
      status: 400,
      errorType: "ValidationException",
      body: {
        message: expect.stringContaining(
          `Value '${name}' at 'functionName' failed to satisfy constraint`,
        ),
      },
    });
  },
);
