import { startLocalGateway } from "../../../local-gateway/index.ts";
import { describeWithPython, testWithBoto3 } from "../support/python.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { startApplication } from "./start-application.ts";
import { writeApplication } from "./write-application.ts";

describeWithPython("an application in Python", () => {
  test("posts to its clients and uses its table at AWS's own addresses", async () => {
    await using application = await startApplication("python");
    const [alice, bob] = [await wsConnect(application.url), await wsConnect(application.url)];
    for (const client of [alice, bob]) {
      client.send('{"action":"join"}');
    }
    await application.lines.findAll("message     join", 2);
    alice.send('{"action":"say","text":"Hello, ü!"}');
    expect(await alice.messages.take()).toBe("Hello, ü!");
    expect(await bob.messages.take()).toBe("Hello, ü!");
  });

  testWithBoto3("posts with boto3, with the endpoint of the event or without one", async () => {
    await using application = await writeApplication({
      "template.yaml": TEMPLATE,
      "code/app.py": BOTO3,
    });
    const { template } = application;
    const { url, close } = await startLocalGateway({ template, quiet: true });
    await using _gateway = { [Symbol.asyncDispose]: close };
    const client = await wsConnect(url);
    client.send("hello");
    expect(await client.messages.take()).toBe("the address of AWS: hello");
    expect(await client.messages.take()).toBe("no address: hello");
  });
});

const TEMPLATE = `
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes: { $default: { FunctionArn: !GetAtt Fn.Arn } }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: python3.13
      Timeout: 20
      MemorySize: 256
      Policies:
        - Statement: [{ Effect: Allow, Action: "execute-api:*", Resource: "*" }]
`;

const BOTO3 = `
import boto3

def handler(event, context):
    request = event["requestContext"]
    url = f"https://{request['domainName']}/{request['stage']}"
    for name, options in [("the address of AWS", {"endpoint_url": url}), ("no address", {})]:
        client = boto3.client("apigatewaymanagementapi", **options)
        data = f"{name}: {event['body']}".encode()
        client.post_to_connection(ConnectionId=request["connectionId"], Data=data)
    return {"statusCode": 200}
`;
