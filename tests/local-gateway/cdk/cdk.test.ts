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
  return { url: gateway.url, lines, [Symbol.asyncDispose]: () => gateway.close() };
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

/** Starts the stack with assets after `change` has made another template of its own. */
async function startChangedAssets(change: (name: string, value: unknown) => unknown) {
  const folder = await mkdtemp(join(tmpdir(), "cdk-out-"));
  await cp(OUTPUT, folder, { recursive: true });
  const text = await readFile(join(OUTPUT, "Assets.template.json"), "utf8");
  await writeFile(join(folder, "Assets.template.json"), JSON.stringify(JSON.parse(text, change)));
  const stack = await startStack("Assets", folder);
  return {
    ...stack,
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
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

test("a stack with a Lambda authorizer accepts and rejects", async () => {
  await using stack = await startStack("Authorizer");
  expect(await answerOf(`${stack.url}?token=secret`, "hello")).toBe("$default: hello");
  expect(await wsRejection(`${stack.url}?token=other`)).toMatchObject({ status: 403 });
  expect(await wsRejection(stack.url)).toMatchObject({ status: 401 });
});

test("a stack with a bucket runs", async () => {
  await using stack = await startStack("Bucket");
  expect(await answerOf(stack.url, "hello")).toBe("$default: hello");
});

test("a stack with a MOCK route answers it without a function", async () => {
  await using stack = await startStack("MockRoute");
  expect(await answerOf(stack.url, JSON.stringify({ action: "ping" }))).toBe('{"type":"pong"}');
});
