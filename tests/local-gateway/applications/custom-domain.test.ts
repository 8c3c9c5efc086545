import { startLocalGateway } from "../../../local-gateway/index.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { writeApplication } from "./write-application.ts";

const TEMPLATE = `Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      StageName: dev
      Domain: { DomainName: ws.example.com, CertificateArn: arn, BasePath: chat }
      RouteSelectionExpression: $request.body.action
      Routes:
        $default: { FunctionArn: !GetAtt Fn.Arn, RouteResponseSelectionExpression: $default }
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiDefaultRoute, RouteResponseKey: $default }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: fn
      Handler: index.handler
      Runtime: nodejs24.x
      Environment: { Variables: { SOCKET: wss://ws.example.com/chat, ENDPOINT: https://ws.example.com/chat } }
`;

const CODE = `export const handler = async () =>
  ({ statusCode: 200, body: process.env.SOCKET + " " + process.env.ENDPOINT });`;

test("variables with the URL of a custom domain hold the local URL", async () => {
  await using application = await writeApplication({
    "template.yaml": TEMPLATE,
    "fn/index.mjs": CODE,
  });
  const gateway = await startLocalGateway({ template: application.template, quiet: true });
  try {
    const client = await wsConnect(gateway.url);
    client.send("{}");
    expect(await client.messages.take()).toBe(`${gateway.url} ${gateway.managementUrl}`);
  } finally {
    await gateway.close();
  }
});
