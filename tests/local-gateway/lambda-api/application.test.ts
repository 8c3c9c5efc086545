import { fileURLToPath } from "node:url";
import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";
import { INSTALL_TIMEOUT } from "../../support/install-packages.ts";
import { copyWithSdkV2, loadSdkV2 } from "../../support/sdk-v2.ts";
import { LogLines } from "../lambda/log-lines.ts";

/** What the tests need of the client of version 2. */
declare class LambdaV2 {
  constructor(options: object);
  invoke(input: {
    FunctionName: string;
    Qualifier?: string;
    InvocationType?: string;
    ClientContext?: string;
    Payload?: string;
  }): { promise(): Promise<InvocationAnswer> };
}

interface InvocationAnswer {
  readonly StatusCode?: number;
  readonly FunctionError?: string;
  readonly ExecutedVersion?: string;
  readonly Payload?: unknown;
  readonly $response: { readonly requestId: string };
}

const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));

let Lambda: typeof LambdaV2;
let copy: Awaited<ReturnType<typeof copyWithSdkV2>>;

beforeAll(async () => {
  Lambda = await loadSdkV2("lambda");
  copy = await copyWithSdkV2(FIXTURES);
}, INSTALL_TIMEOUT);

afterAll(() => copy?.[Symbol.asyncDispose]());

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:echo";

/** Starts the fixture's functions, and the SDK's own client that invokes them. */
async function start(options: Pick<LocalGatewayOptions, "logBodies"> = {}) {
  const lines = new LogLines();
  const gateway = await startLocalGateway({
    template: copy.template,
    region: "eu-west-1",
    onLine: (line) => lines.add(line),
    ...options,
  });
  const client = new Lambda({
    endpoint: new URL(gateway.managementUrl).origin,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxRetries: 0,
  });
  return {
    client,
    lines,
    origin: new URL(gateway.managementUrl).origin,
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

const payloadOf = (answer: InvocationAnswer) => JSON.parse(String(answer.Payload));

test("the SDK invokes a function, whose context is the invocation's", async () => {
  await using application = await start();
  const request = application.client.invoke({
    FunctionName: "echo",
    Qualifier: "$LATEST",
    ClientContext: btoa('{"custom":{"a":1}}'),
    Payload: '{"name":"é"}',
  });
  const answer = await request.promise();
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(payloadOf(answer)).toEqual({
    event: { name: "é" },
    awsRequestId: answer.$response.requestId,
    invokedFunctionArn: `${ARN}:$LATEST`,
    functionVersion: "$LATEST",
    clientContext: { custom: { a: 1 } },
  });
});

test("the SDK learns the error of a function, with its stack", async () => {
  await using application = await start();
  const answer = await application.client
    .invoke({ FunctionName: ARN, Payload: '{"fails":true}' })
    .promise();
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
  expect(payloadOf(answer)).toEqual({
    errorType: "RangeError",
    errorMessage: "as it should",
    trace: expect.arrayContaining([
      "RangeError: as it should",
      expect.stringContaining("echo.js:3"),
    ]),
  });
});

test.each([
  [{ FunctionName: "other" }, 404, "ResourceNotFoundException", "Function not found:"],
  [
    { FunctionName: "echo", Payload: "{" },
    400,
    "InvalidRequestContentException",
    "Could not parse request body into json:",
  ],
])("the SDK knows the rejection of %j", async (call, statusCode, code, message) => {
  await using application = await start();
  await expect(application.client.invoke(call).promise()).rejects.toMatchObject({
    statusCode,
    code,
    message: expect.stringContaining(message),
  });
});

test("an event runs after its answer, and a dry run runs nothing", async () => {
  await using application = await start();
  const call = { FunctionName: "echo", Payload: "{}" };
  const dry = await application.client.invoke({ ...call, InvocationType: "DryRun" }).promise();
  expect(dry.StatusCode).toBe(204);
  const taken = await application.client.invoke({ ...call, InvocationType: "Event" }).promise();
  expect(taken.StatusCode).toBe(202);
  expect(await application.lines.find(" event ")).toMatch(/event +EchoFunction +2 bytes +\d+ ms$/);
  expect(application.lines.all.filter((line) => line.includes("EchoFunction"))).toHaveLength(2);
});

test("each invocation is a line of the log, without its payload", async () => {
  await using application = await start();
  const call = { FunctionName: "echo", Payload: '{"secret":1}' };
  await application.client.invoke(call).promise();
  await application.client.invoke({ ...call, Payload: '{"fails":true}' }).promise();
  expect(await application.lines.find("invoke")).toMatch(
    /^ {10}invoke +EchoFunction +12 bytes +\d+ ms$/,
  );
  expect(await application.lines.find("RangeError: as it should")).toBeDefined();
  expect(application.lines.all.join("\n")).not.toContain("secret");
});

test("a line has the payload when it is asked for", async () => {
  await using application = await start({ logBodies: true });
  await application.client.invoke({ FunctionName: "echo", Payload: '{"a":1}' }).promise();
  expect(await application.lines.find("invoke")).toContain('{"a":1}');
});

test("a function invokes another one as on AWS, when its policies allow it", async () => {
  await using application = await start();
  const answer = await application.client
    .invoke({ FunctionName: "local-CallerFunction", Payload: '{"a":1}' })
    .promise();
  expect(payloadOf(answer)).toMatchObject({
    status: 200,
    endpoint: application.origin,
    payload: { event: { a: 1 }, invokedFunctionArn: ARN },
  });
});

test("a function that must not invoke another one is rejected, and a line says why", async () => {
  await using application = await start();
  const answer = await application.client
    .invoke({ FunctionName: "local-ForgetfulFunction", Payload: "{}" })
    .promise();
  expect(payloadOf(answer)).toEqual({
    status: 403,
    code: "AccessDeniedException",
    message: `User: arn:aws:sts::123456789012:assumed-role/local-ForgetfulFunctionRole/local-ForgetfulFunction is not authorized to perform: lambda:InvokeFunction on resource: ${ARN} because no identity-based policy allows the lambda:InvokeFunction action`,
  });
  expect(await application.lines.find("may not")).toMatch(
    /^ {10}invoke {6}403: ForgetfulFunction may not lambda:InvokeFunction on arn:\S+:echo: add it to the function's policies$/,
  );
});
