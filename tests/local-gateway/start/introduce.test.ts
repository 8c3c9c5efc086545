import { introduce } from "../../../local-gateway/cli/introduce.ts";

const GATEWAY = {
  pageUrl: undefined,
  inspectorUrl: undefined,
  dynamodbUrl: "http://127.0.0.1:3301",
  region: "us-east-1",
  tableNames: [],
};

test.each([
  ["dev", "npx wscat -c ws://127.0.0.1:3300/dev"],
  ["$default", "npx wscat -c 'ws://127.0.0.1:3300/$default'"],
])("the command for the stage %s can be pasted into a shell", (stage, command) => {
  const url = `ws://127.0.0.1:3300/${stage}`;
  const managementUrl = url.replace("ws:", "http:");
  const stages = [{ name: stage, url, managementUrl }];
  const apis = [{ logicalId: "Api", url, managementUrl, stages }];
  const { listening, hints } = introduce({ ...GATEWAY, apis }, "template.yaml");
  expect(hints).toContain(`  Connect           ${command}`);
  expect(listening).toEqual([`Listening on ${url}`]);
});

test("every stage of every API has its lines, with the API's logical id", () => {
  const stage = (port: number, name: string) => ({
    name,
    url: `ws://127.0.0.1:${port}/${name}`,
    managementUrl: `http://127.0.0.1:${port}/${name}`,
  });
  const api = (logicalId: string, port: number, names: readonly string[]) => {
    const stages = names.map((name) => stage(port, name));
    return { logicalId, ...stage(port, names[0] ?? ""), stages };
  };
  const apis = [api("Chat", 3300, ["dev", "test"]), api("Audit", 3302, ["dev"])];
  const { listening, hints } = introduce({ ...GATEWAY, apis }, "template.yaml");
  expect(listening).toEqual([
    "Listening on ws://127.0.0.1:3300/dev (Chat)",
    "Listening on ws://127.0.0.1:3300/test (Chat)",
    "Listening on ws://127.0.0.1:3302/dev (Audit)",
  ]);
  expect(hints).toContain("  Management API    http://127.0.0.1:3302/dev/@connections");
});

test("the inspector's address is there when there is an inspector", () => {
  const inspectorUrl = "http://127.0.0.1:3399/";
  const apis: never[] = [];
  const { hints } = introduce({ ...GATEWAY, apis, inspectorUrl }, "template.yaml");
  expect(hints).toContain("  Inspector         http://127.0.0.1:3399/");
  expect(introduce({ ...GATEWAY, apis }, "template.yaml").hints.join()).not.toContain("Inspector");
});
