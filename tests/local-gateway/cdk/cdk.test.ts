import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { LogLines } from "../lambda/log-lines.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

/** What CDK made of the stacks in fixtures/stacks.mjs. */
const OUTPUT = join(import.meta.dirname, "fixtures/cdk.out");

/** Starts a stack; disposing stops it. */
async function startStack(name: string, folder = OUTPUT) {
  const lines = new LogLines();
  const gateway = await startLocalGateway({
    template: join(folder, `${name}.template.json`),
    onLine: (line) => lines.add(line),
  });
  return {
    url: gateway.url,
    region: gateway.region,
    lines,
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

async function answerOf(url: string, message: string): Promise<string> {
  const client = await wsConnect(url);
  client.send(message);
  return await client.messages.take();
}

test("a stack with inline code runs, and says nothing about CDK's bootstrap version", async () => {
  await using stack = await startStack("InlineCode");
  expect(await answerOf(stack.url, "hello")).toBe("inline: hello");
  expect(stack.lines.all.filter((line) => line.includes("Bootstrap"))).toEqual([]);
});

test("a stack with assets has its table, its layer and the permissions that it grants", async () => {
  await using stack = await startStack("Assets");
  const client = await wsConnect(stack.url);
  client.send("first");
  expect(await client.messages.take()).toBe("message 1");
  client.send("second");
  expect(await client.messages.take()).toBe("message 2");
});

/** Starts the stack with assets with `change` applied to its template, and with more files next to it. */
async function startChangedAssets(
  change: (name: string, value: unknown) => unknown,
  files: Readonly<Record<string, string>> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "cdk-out-"));
  const remove = () => rm(folder, { recursive: true });
  try {
    await cp(OUTPUT, folder, { recursive: true });
    const text = await readFile(join(OUTPUT, "Assets.template.json"), "utf8");
    const changed = JSON.stringify(JSON.parse(text, change));
    for (const [name, content] of Object.entries({ "Assets.template.json": changed, ...files })) {
      await writeFile(join(folder, name), content);
    }
    const stack = await startStack("Assets", folder);
    const stop = async () => {
      await stack[Symbol.asyncDispose]();
      await remove();
    };
    return { ...stack, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

test("assets are found without the metadata of the command cdk synth, too", async () => {
  await using stack = await startChangedAssets((name, value) =>
    name === "Metadata" ? undefined : value,
  );
  expect(await answerOf(stack.url, "first")).toBe("message 1");
});

test("assets need no values for the parameters that version 1 of CDK has for them", async () => {
  const parameter = `AssetParameters${"0a".repeat(32)}S3VersionKey1234ABCD`;
  await using stack = await startChangedAssets((name, value) => {
    if (name === "Parameters" && typeof value === "object") {
      return { ...value, [parameter]: { Type: "String" } };
    }
    return name === "S3Key" ? { Ref: parameter } : value;
  });
  expect(await answerOf(stack.url, "first")).toBe("message 1");
});

/** Writes an account and a region into the template, as CDK does for a stack that is made for them. */
function forEnvironment(_name: string, value: unknown): unknown {
  const { Ref: pseudoParameter } = Object(value);
  const values = { "AWS::AccountId": "111122223333", "AWS::Region": "eu-west-1" };
  return Object.hasOwn(values, String(pseudoParameter)) ? Object(values)[pseudoParameter] : value;
}

test("a stack that is made for an account and a region runs as if it were in them", async () => {
  const environment = "aws://111122223333/eu-west-1";
  const properties = { templateFile: "Assets.template.json" };
  const manifest = JSON.stringify({ artifacts: { Assets: { environment, properties } } });
  await using stack = await startChangedAssets(forEnvironment, { "manifest.json": manifest });
  expect(await answerOf(stack.url, "first")).toBe("message 1");
  expect(stack.region).toBe("eu-west-1");
});

test.each([
  ["no manifest", {}],
  ["a manifest of something else", { "manifest.json": "[" }],
])(
  "such a stack with %s is an error about the permission for another account",
  async (_name, files) => {
    await expect(startChangedAssets(forEnvironment, files)).rejects.toMatchObject({
      code: "TEMPLATE_INVALID",
      message: expect.stringContaining(
        "no AWS::Lambda::Permission allows it for arn:aws:execute-api:us-east-1:123456789012:",
      ),
    });
  },
);

test("a stack with a Lambda authorizer accepts and rejects", async () => {
  await using stack = await startStack("Authorizer");
  expect(await answerOf(`${stack.url}?token=secret`, "hello")).toBe("$default: hello");
  expect(await wsRejection(`${stack.url}?token=other`)).toMatchObject({ status: 403 });
  expect(await wsRejection(stack.url)).toMatchObject({ status: 401 });
});

test("the line about another Node does not list the functions when it runs all of several", async () => {
  await using stack = await startStack("Authorizer");
  expect(stack.lines.all).toContain(
    `          runtime     Node ${process.versions.node} runs every function here, and Node 22 on AWS`,
  );
});

test("a stack with a bucket runs", async () => {
  await using stack = await startStack("Bucket");
  expect(await answerOf(stack.url, "hello")).toBe("$default: hello");
});

test("a stack with a MOCK route answers it without a function", async () => {
  await using stack = await startStack("MockRoute");
  expect(await answerOf(stack.url, JSON.stringify({ action: "ping" }))).toBe('{"type":"pong"}');
});
