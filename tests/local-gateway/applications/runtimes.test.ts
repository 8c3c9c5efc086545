import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { LogLines } from "../lambda/log-lines.ts";
import { describeWithPython } from "../support/python.ts";
import { runCliWithPath } from "../support/run-cli.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { writeApplication } from "./write-application.ts";

/** A Node.js function behind one route, and one of another language behind the others. */
const template = (runtime: string) => `Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        ping: { FunctionArn: !GetAtt Node.Arn, RouteResponseSelectionExpression: $default }
        other: { FunctionArn: !GetAtt Other.Arn }
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiPingRoute, RouteResponseKey: $default }
  Node:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: node, Handler: index.handler, Runtime: nodejs24.x }
  Other:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: target/app.jar
      Handler: example.Other::handleRequest
      Runtime: ${runtime}
`;

const NODE = 'exports.handler = async () => ({ statusCode: 200, body: "pong" });';

async function answers(url: string): Promise<readonly string[]> {
  const client = await wsConnect(url);
  client.send('{"action":"ping"}');
  const pong = await client.messages.take();
  client.send('{"action":"other"}');
  return [pong, JSON.parse(await client.messages.take()).message];
}

test.each(["java21", "dotnet8", "ruby3.4", "go1.x"])(
  "%s does not run: a line says so, its route fails, and the others run",
  async (runtime) => {
    await using application = await writeApplication({
      "template.yaml": template(runtime),
      "node/index.js": NODE,
    });
    const lines = new LogLines();
    const gateway = await startLocalGateway({
      template: application.template,
      onLine: (line) => lines.add(line),
    });
    await using _gateway = { [Symbol.asyncDispose]: () => gateway.close() };
    const problem = `${application.template}:20: Other, Properties.Runtime: ${runtime} does not run here; every event of Other fails`;
    expect(lines.all).toContain(problem);
    expect(await answers(gateway.url)).toEqual(["pong", "Internal server error"]);
    expect(await lines.find("message     other")).toContain(
      `Internal server error: Runtime.InvalidEntrypoint: ${runtime} does not run here`,
    );
  },
);

describeWithPython("a debugger", () => {
  test("passes over a Python function, which times out as without one", async () => {
    await using application = await writeApplication({
      "template.yaml": template("python3.13\n      Timeout: 1")
        .replace("target/app.jar", "python")
        .replace("example.Other::handleRequest", "example.handler"),
      "node/index.js": NODE,
      "python/example.py": "def handler(event, context):\n    while True: pass\n",
    });
    const lines = new LogLines();
    const gateway = await startLocalGateway({
      template: application.template,
      inspect: 0,
      onLine: (line) => lines.add(line),
    });
    await using _gateway = { [Symbol.asyncDispose]: () => gateway.close() };
    expect(await answers(gateway.url)).toEqual(["pong", "Internal server error"]);
    expect(await lines.find("message     other")).toContain("Sandbox.Timedout");
    const attachable = lines.all.filter((line) => line.includes("a debugger can attach"));
    expect(attachable).toEqual([expect.stringContaining("a debugger can attach to Node at ws://")]);
  });
});

describe("a machine without Python", () => {
  let empty: string;
  beforeEach(async () => {
    empty = await mkdtemp(join(tmpdir(), "path-"));
  });
  afterEach(() => rm(empty, { recursive: true }));

  test("does not run Python: a line says so, its route fails, and the others run", async () => {
    await using application = await writeApplication({
      "template.yaml": template("python3.13").replace("target/app.jar", "python"),
      "node/index.js": NODE,
      "python/example.py": "",
    });
    await using cli = runCliWithPath(empty, "--template", application.template, "--port", "0");
    const lines: string[] = [];
    let url: string | undefined;
    while (url === undefined) {
      const line = await cli.lines.take();
      lines.push(line);
      url = /ws:\/\/\S+/.exec(line)?.[0];
    }
    expect(lines).toContain(
      `${application.template}:20: Other, Properties.Runtime: python3.13 needs python3, which is not on the PATH; every event of Other fails`,
    );
    expect(await answers(url)).toEqual(["pong", "Internal server error"]);
  });
});
