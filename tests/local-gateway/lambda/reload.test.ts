import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeWithPython } from "../support/python.ts";
import { runCli } from "../support/run-cli.ts";
import { type WsClient, wsConnect } from "../support/ws-connect.ts";
import { startQuestionServer } from "./question-server.ts";
import { startProject } from "./start-project.ts";
import { writeProject } from "./write-project.ts";

const HANDLER = `
import { version } from "./version.ts";

export const handler = async ({ body }) => {
  const [text, url] = body.split(" ");
  if (url !== undefined) {
    await (await fetch(url)).text();
  }
  return { statusCode: 200, body: \`\${version} \${text}\` };
};
`;

const version = (text: string) => `export const version = "${text}";\n`;

const PROJECT = { "src/handler.ts": HANDLER, "src/version.ts": version("v0") };

const RELOADED = /^reloaded Fn in \d+ ms$/;

async function ask(client: WsClient, text: string): Promise<string> {
  client.send(text);
  return await client.messages.take();
}

/** Sends one message after another up to the abort, and returns the wrong answers. */
async function traffic(client: WsClient, { signal }: AbortController) {
  const wrong: string[] = [];
  let sent = 0;
  for (; !signal.aborted; sent += 1) {
    const answer = await ask(client, `n${sent}`);
    if (!new RegExp(`^v\\d+ n${sent}$`).test(answer)) {
      wrong.push(answer);
    }
  }
  return { sent, wrong };
}

test("20 reloads under traffic lose no message, and each is live when it is reported", async () => {
  await using project = await startProject("typescript", PROJECT);
  const clients = await Promise.all([1, 2, 3].map(() => wsConnect(project.url)));
  const observer = await wsConnect(project.url);
  const end = new AbortController();
  const running = clients.map((client) => traffic(client, end));
  expect(await ask(observer, "who")).toBe("v0 who");
  for (let reload = 1; reload <= 20; reload += 1) {
    if (reload === 10) {
      await project.write("src/version.ts", "export const version = ;\n");
      await project.line(/^not reloaded, .*: Fn does not build: src\/version\.ts:1:24: /);
      expect(await ask(observer, "still")).toBe("v9 still");
    }
    await project.write("src/version.ts", version(`v${reload}`));
    await project.line(RELOADED);
    expect(await ask(observer, "who")).toBe(`v${reload} who`);
  }
  end.abort();
  for (const { sent, wrong } of await Promise.all(running)) {
    expect(wrong).toEqual([]);
    expect(sent).toBeGreaterThan(20);
  }
}, 60_000);

test("an event in flight ends with the code that it began with", async () => {
  await using server = await startQuestionServer();
  await using project = await startProject("typescript", PROJECT);
  const [slow, quick] = [await wsConnect(project.url), await wsConnect(project.url)];
  slow.send(`slow ${server.url}`);
  const question = await server.next();
  await project.write("src/version.ts", version("v1"));
  await project.line(RELOADED);
  expect(await ask(quick, "quick")).toBe("v1 quick");
  question.end();
  expect(await slow.messages.take()).toBe("v0 slow");
  expect(await ask(slow, "again")).toBe("v1 again");
});

test("a file that a failed build lacked makes it build, in a folder of its own too", async () => {
  await using project = await startProject("typescript", PROJECT);
  const client = await wsConnect(project.url);
  await project.write("src/inner/empty.ts", "");
  await project.write("src/version.ts", 'export { version } from "./inner/deep.ts";\n');
  await project.line(/^not reloaded, .*src\/version\.ts:1:25: Could not resolve/);
  await project.write("src/inner/deep.ts", version("deep"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("deep who");
  await project.write("src/inner/deep.ts", version("deeper"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("deeper who");
});

test("code that builds but does not load is reported, and the code from before goes on", async () => {
  await using project = await startProject("typescript", PROJECT);
  const client = await wsConnect(project.url);
  await project.write("src/version.ts", `${version("v1")}throw new RangeError("no");\n`);
  await project.line(
    /^not reloaded, .*: Fn does not load: RangeError: no \(\S+\/src\/version\.ts:2:7\)$/,
  );
  expect(await ask(client, "who")).toBe("v0 who");
  await project.write("src/version.ts", version("v0"));
  await project.line(RELOADED);
});

test("code that does not load is reported at the start, and the next save fixes it", async () => {
  await using project = await startProject("typescript", {
    ...PROJECT,
    "src/version.ts": `${version("v0")}throw new RangeError("no");\n`,
  });
  await project.line(
    /Fn does not load: RangeError: no \(\S+\/src\/version\.ts:2:7\); the next save is tried$/,
  );
  const client = await wsConnect(project.url);
  expect(await ask(client, "who")).toContain("Internal server error");
  await project.write("src/version.ts", version("v1"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("v1 who");
});

test("code that runs as it is and does not load is reported at the start with its line", async () => {
  await using project = await startProject("javascript", {
    "src/handler.mjs":
      'import "./broken.mjs";\nexport const handler = async () => ({ statusCode: 200, body: "x" });\n',
    "src/broken.mjs": "\nexport const version = ;\n",
  });
  await project.line(
    /Fn does not load: Runtime\.UserCodeSyntaxError: .* \(\S+\/src\/broken\.mjs:2:24\); the next save is tried$/,
  );
  await project.write("src/broken.mjs", version("v1"));
  await project.line(RELOADED);
  const client = await wsConnect(project.url);
  expect(await ask(client, "who")).toBe("x");
});

test("a package that is missing at the start is there after its installation and a save", async () => {
  const handler =
    'import { text } from "some-package";\nexport const handler = async () => ({ statusCode: 200, body: text });\n';
  await using project = await startProject("javascript", { "src/handler.mjs": handler });
  await project.line(/Fn does not load: Runtime\.ImportModuleError: .*some-package.*handler\.mjs/);
  await project.write("node_modules/some-package/package.json", '{ "main": "index.js" }');
  await project.write("node_modules/some-package/index.js", 'exports.text = "installed";\n');
  await project.write("src/handler.mjs", handler);
  await project.line(RELOADED);
  const client = await wsConnect(project.url);
  expect(await ask(client, "who")).toBe("installed");
});

test("a function that is not built reloads when a file below its CodeUri changes", async () => {
  const { "src/handler.ts": handler } = PROJECT;
  await using project = await startProject("javascript", {
    "src/handler.mjs": handler.replace("./version.ts", "./lib/version.mjs"),
    "src/lib/version.mjs": version("v0"),
  });
  const client = await wsConnect(project.url);
  expect(await ask(client, "who")).toBe("v0 who");
  await project.write("src/lib/version.mjs", version("v1"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("v1 who");
  await project.write("src/lib/version.mjs", "export const version = ;");
  await project.line(/^not reloaded, .*: Fn does not load: Runtime\.UserCodeSyntaxError: /);
  expect(await ask(client, "who")).toBe("v1 who");
});

test("a file that an editor replaces as a whole is noticed", async () => {
  await using project = await startProject("typescript", PROJECT);
  const client = await wsConnect(project.url);
  await project.write(".version.ts.swap", version("v1"));
  await rename(join(project.folder, ".version.ts.swap"), join(project.folder, "src/version.ts"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("v1 who");
});

test("a source directory that is removed and made again is noticed", async () => {
  await using project = await startProject("typescript", PROJECT);
  const client = await wsConnect(project.url);
  await rm(join(project.folder, "src"), { recursive: true });
  await project.line(/^not reloaded, /);
  expect(await ask(client, "who")).toBe("v0 who");
  await project.write("src/version.ts", version("v1"));
  await project.write("src/handler.ts", HANDLER);
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("v1 who");
});

test("a source directory that is replaced by another is noticed", async () => {
  await using project = await startProject("typescript", PROJECT);
  const client = await wsConnect(project.url);
  await project.write("other/handler.ts", HANDLER);
  await project.write("other/version.ts", version("v1"));
  await rename(join(project.folder, "src"), join(project.folder, "before"));
  await rename(join(project.folder, "other"), join(project.folder, "src"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("v1 who");
  await project.write("src/version.ts", version("v2"));
  await project.line(RELOADED);
  expect(await ask(client, "who")).toBe("v2 who");
});

test("the command line watches, but not with --no-watch", async () => {
  await using project = await writeProject("typescript", PROJECT);
  const options = ["--template", project.template, "--port", "0"];
  await using still = runCli(...options, "--no-watch");
  await using watching = runCli(...options);
  const urls = [];
  for (const { lines } of [still, watching]) {
    expect(await lines.take()).toMatch(/^ +build +Fn$/);
    urls.push((await lines.take()).replace("Listening on ", ""));
  }
  await project.write("src/version.ts", version("v1"));
  let line = await watching.lines.take();
  while (!RELOADED.test(line)) {
    line = await watching.lines.take();
  }
  const [one, two] = await Promise.all(urls.map((url) => wsConnect(url)));
  expect(one && (await ask(one, "who"))).toBe("v0 who");
  expect(two && (await ask(two, "who"))).toBe("v1 who");
});

test("without watch nothing reloads, with it a file that no function is built from does not either", async () => {
  await using still = await startProject("typescript", PROJECT, { watch: false });
  await using project = await startProject("typescript", PROJECT);
  const client = await wsConnect(still.url);
  await still.write("src/version.ts", version("v1"));
  await project.write("src/unused.ts", "nonsense (");
  await project.write("src/version.ts", version("v1"));
  expect(await project.line(/reloaded/)).toMatch(RELOADED);
  expect(await ask(client, "who")).toBe("v0 who");
});

const python = (text: string) => `
def handler(event, context):
    return {"statusCode": 200, "body": "${text} " + event["body"]}
`;

describeWithPython("a Python function", () => {
  test("is reloaded when it is saved, and not when it does not load", async () => {
    await using project = await startProject("python", { "src/handler.py": python("v0") });
    const client = await wsConnect(project.url);
    expect(await ask(client, "who")).toBe("v0 who");
    await project.write("src/handler.py", python("v1"));
    await project.line(RELOADED);
    expect(await ask(client, "who")).toBe("v1 who");
    await project.write("src/handler.py", `${python("v2")}import no_such_module\n`);
    await project.line(/^not reloaded, .*Runtime\.ImportModuleError: .*'no_such_module'/);
    expect(await ask(client, "who")).toBe("v1 who");
    await project.write("src/handler.py", "def handler(event, context)\n");
    await project.line(/^not reloaded, .*Runtime\.UserCodeSyntaxError: .*src\/handler\.py:1\)$/);
    await project.write("src/handler.py", python("v3"));
    await project.line(RELOADED);
    expect(await ask(client, "who")).toBe("v3 who");
  });
});
