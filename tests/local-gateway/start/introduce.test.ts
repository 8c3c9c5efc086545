import { introduce } from "../../../local-gateway/cli/introduce.ts";

const GATEWAY = {
  pageUrl: undefined,
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
  expect(introduce({ ...GATEWAY, url, managementUrl }, "template.yaml").join("\n")).toContain(
    `  ${command}\n`,
  );
});
