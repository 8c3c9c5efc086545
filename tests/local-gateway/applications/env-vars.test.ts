import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { writeApplication } from "./write-application.ts";

const TEMPLATE = `Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $default: { FunctionArn: !GetAtt Fn.Arn, RouteResponseSelectionExpression: $default }
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiDefaultRoute, RouteResponseKey: $default }
  Work: { Type: AWS::SQS::Queue }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: fn
      Handler: index.handler
      Runtime: nodejs24.x
      Environment: { Variables: { QUEUE_URL: !Ref Work } }
`;

const FILES = {
  "template.yaml": TEMPLATE,
  "fn/index.mjs":
    "export const handler = async () => ({ statusCode: 200, body: process.env.QUEUE_URL });",
  "env.json": JSON.stringify({ Fn: { QUEUE_URL: "http://127.0.0.1:9324/work" } }),
};

/** What the function says that the URL is, and what the gateway warns of. */
async function answerOf(envVars: (folder: string) => string | undefined) {
  await using application = await writeApplication(FILES);
  const { template } = application;
  const lines: string[] = [];
  const gateway = await startLocalGateway({
    template,
    envVars: envVars(join(template, "..")),
    onLine: (line) => lines.push(line),
  });
  try {
    const client = await wsConnect(gateway.url);
    client.send("{}");
    const answer = await client.messages.take();
    return { answer, warnings: lines.filter((line) => line.includes("placeholder")) };
  } finally {
    await gateway.close();
  }
}

test("a function runs with a placeholder for a queue, and a line says so", async () => {
  expect(await answerOf(() => undefined)).toEqual({
    answer: "https://sqs.us-east-1.amazonaws.com/123456789012/local-Work",
    warnings: [
      expect.stringMatching(
        /^ +template +\/.*:18: Fn, .*\.QUEUE_URL: Work is of the type AWS::SQS/,
      ),
    ],
  });
});

test("a function runs with the real URL of a queue from a file, and no line says anything", async () => {
  expect(await answerOf((folder) => join(folder, "env.json"))).toEqual({
    answer: "http://127.0.0.1:9324/work",
    warnings: [],
  });
});
