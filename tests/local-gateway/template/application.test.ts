import { resolve } from "node:path";
import { parse } from "yaml";
import { readApplication } from "../../../local-gateway/template/application.ts";
import { unreadable, unsupported } from "./template-problems.ts";
import { readText } from "./templates.ts";

const options = { region: "us-east-1" };

test("the project's own template is understood", async () => {
  const { apis, functions, tables } = await readApplication("template.yaml", options);
  const [{ stages }] = apis;
  const [api] = stages;
  expect(apis).toHaveLength(1);
  expect(stages).toHaveLength(1);
  expect(api).toMatchObject({
    logicalId: "WebSocketApi",
    stage: "dev",
    routeSelectionExpression: "$request.body.action",
  });
  const routes = [...api.routes.values()].map(({ routeKey, functionId, twoWay }) => [
    routeKey,
    functionId,
    twoWay,
  ]);
  expect(routes).toEqual([
    ["$connect", "RelayFunction", false],
    ["$disconnect", "RelayFunction", false],
    ["sendMessageRoute", "RelayFunction", false],
    ["subscribe", "RelayFunction", false],
    ["unsubscribe", "RelayFunction", false],
    ["members", "RelayFunction", false],
    ["history", "RelayFunction", false],
    ["$default", "RelayFunction", true],
  ]);
  expect([...functions.keys()]).toEqual(["RelayFunction"]);
  expect(tables.map(({ logicalId }) => logicalId)).toEqual(["ConnectionsTable"]);
});

test("the same template gives the same id, another folder's template another one", async () => {
  const [one, two] = [
    await readApplication("template.yaml", options),
    await readApplication("./template.yaml", options),
  ];
  const [{ apiId }] = one.apis;
  expect(two.apis[0].apiId).toBe(apiId);
  const other = await readText(SMALL);
  expect(other.api.apiId).not.toBe(apiId);
  expect(other.api.apiId).toMatch(/^[a-z0-9]{10}$/);
});

test("a template may be JSON, with tabs too", async () => {
  const { api, functions } = await readText(JSON.stringify(parse(SMALL), undefined, "\t"));
  const same = await readText(SMALL);
  expect([...api.routes]).toEqual([...same.api.routes]);
  expect([...functions.keys()]).toEqual([...same.functions.keys()]);
});

test("the stack has the same name whatever folder the template lies in", async () => {
  const { functions } = await readText(SMALL);
  expect(functions.get("Fn")?.functionName).toBe("local-Fn");
});

test.each([
  ["no-such.yaml", "there is no such file"],
  ["tests", "it is a folder, not a file"],
  ["package.json/template.yaml", "a part of the path is not a folder"],
])("%s cannot be read, and the error has the whole path and the reason", async (file, reason) => {
  await expect(readApplication(file, options)).rejects.toMatchObject(
    unreadable(new RegExp(`^${resolve(file)}: the template cannot be read: ${reason}$`)),
  );
});

test("the path in an error is the one from the working directory", async () => {
  const file = "tests/local-gateway/template/fixtures/no-api.yaml";
  await expect(readApplication(file, options)).rejects.toMatchObject(
    unsupported(`${file}:1: Resources: there is no WebSocket API`),
  );
});

const SMALL = `
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $connect: { FunctionArn: { "Fn::GetAtt": [Fn, Arn] } }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler }
`;
