import { wsRejection } from "../support/ws-rejection.ts";
import { answerOf, startWritten } from "./start-written.ts";

const template = (runtime: string) => `
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $default: { FunctionArn: !GetAtt Fn.Arn, RouteResponseSelectionExpression: $default }
        $connect: { FunctionArn: !GetAtt Fn.Arn }
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiDefaultRoute, RouteResponseKey: $default }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: packages/fn/, Handler: lib/main.handler, Runtime: ${runtime} }
`;

/** Starts a template with one function, whose files are given by their paths below CodeUri. */
async function start(runtime: string, files: Readonly<Record<string, string>>) {
  const code = Object.entries(files).map(([path, text]) => [`packages/fn/${path}`, text]);
  return await startWritten({
    "template.yaml": template(runtime),
    // Nothing of the project around the function is deployed.
    "package.json": '{ "type": "module" }',
    ...Object.fromEntries(code),
  });
}

test("a CommonJS function has its own files and packages, whatever the project around it is", async () => {
  await using application = await start("nodejs22.x", {
    "lib/main.js": `
      const { greet } = require("greetings");
      exports.handler = async ({ body }) => ({ statusCode: 200, body: greet(require("../name") + body) });`,
    "name.js": 'module.exports = "I say ";',
    "node_modules/greetings/index.js": "exports.greet = (text) => text + '!';",
  });
  expect(await answerOf(application.url)).toBe("I say hello!");
});

test("an ES module has its own packages too", async () => {
  await using application = await start("nodejs24.x", {
    "package.json": '{ "type": "module" }',
    "lib/main.js": `
      import { greet } from "greetings";
      export const handler = async ({ body }) => ({ statusCode: 200, body: await greet(body) });`,
    "node_modules/greetings/package.json": '{ "type": "module", "exports": "./greet.js" }',
    "node_modules/greetings/greet.js": "export const greet = async (text) => text + '?';",
  });
  expect(await answerOf(application.url)).toBe("hello?");
});

test.each([
  ["nodejs22.x", "require('@aws-sdk/client-apigatewaymanagementapi').ApiGatewayManagementApi"],
  ["nodejs24.x", "(await import('@aws-sdk/lib-dynamodb')).DynamoDBDocument"],
])("on %s a function finds %s without bringing it", async (runtime, expression) => {
  await using application = await start(runtime, {
    "lib/main.js": `exports.handler = async () => ({ statusCode: 200, body: typeof ${expression} });`,
  });
  expect(await answerOf(application.url)).toBe("function");
});

test("what a function brings is preferred to the runtime's", async () => {
  await using application = await start("nodejs24.x", {
    "lib/main.js": `
      const { own } = require("@aws-sdk/client-dynamodb");
      exports.handler = async () => ({ statusCode: 200, body: own });`,
    "node_modules/@aws-sdk/client-dynamodb/index.js": 'exports.own = "my own";',
  });
  expect(await answerOf(application.url)).toBe("my own");
});

test("nodejs16.x has no client of version 3 of the SDK, as on Lambda", async () => {
  const name = "@aws-sdk/client-dynamodb";
  await using application = await start("nodejs16.x", { "lib/main.js": `require("${name}");` });
  expect(await wsRejection(application.url)).toMatchObject({ status: 502 });
  expect(await application.lines.find("rejected")).toContain(`Cannot find module '${name}'`);
});

test("only the function's own package.json makes an ES module of a .js file, as on Lambda", async () => {
  await using application = await start("nodejs24.x", {
    "lib/main.js": "export const handler = async () => ({ statusCode: 200 });",
  });
  expect(await wsRejection(application.url)).toMatchObject({ status: 502 });
  expect(await application.lines.find("rejected")).toContain("Unexpected token 'export'");
});
