import { chmod, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { describeWithPython, PYTHON_VERSION } from "../support/python.ts";
import { zipOf } from "../support/zip-of.ts";
import { answerOf, startWritten } from "./start-written.ts";
import { writeApplication } from "./write-application.ts";

const template = (
  layers: string,
  { fn = "", metadata = "{}", content = "ContentUri: shared" } = {},
) => `
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $default: { FunctionArn: !GetAtt Fn.Arn, RouteResponseSelectionExpression: $default }
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiDefaultRoute, RouteResponseKey: $default }
  Shared:
    Type: AWS::Serverless::LayerVersion
    Metadata: ${metadata}
    Properties: { ${content} }
  Own:
    Type: AWS::Lambda::LayerVersion
    Properties: { LayerName: own, Content: own.zip }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: fn, Handler: index.handler, Runtime: nodejs22.x, Layers: ${layers} }
    ${fn}
`;

const commonJs = (expression: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: String(${expression}) });`;
const moduleOf = (imports: string, expression: string) =>
  `${imports}; export const handler = async () => ({ statusCode: 200, body: String(${expression}) });`;

test.each([
  ["a file is required", "index.js", commonJs("require('/opt/nodejs/greet.js')")],
  [
    "a file is required without its extension",
    "index.js",
    commonJs("require('/opt/nodejs/greet')"),
  ],
  ["a package is required", "index.js", commonJs("require('greetings')")],
  ["a file is imported", "index.mjs", moduleOf("import it from '/opt/nodejs/greet.js'", "it")],
  [
    "a file is imported when it is needed",
    "index.js",
    commonJs("(await import('file:///opt/nodejs/greet.js')).default"),
  ],
  ["a package is imported", "index.mjs", moduleOf("import it from 'greetings'", "it")],
  [
    "a file is read",
    "index.js",
    commonJs("require('node:fs').readFileSync('/opt/text', 'utf8').trim()"),
  ],
  [
    "a file is read with a promise",
    "index.mjs",
    moduleOf(
      "import { readFile } from 'node:fs/promises'",
      "(await readFile('/opt/text', 'utf8')).trim()",
    ),
  ],
  [
    "a file is read as a stream",
    "index.mjs",
    moduleOf(
      "import { createReadStream } from 'node:fs'; import { text } from 'node:stream/consumers'",
      "(await text(createReadStream(new URL('file:///opt/text')))).trim()",
    ),
  ],
  ["a program is run", "index.js", commonJs("require('node:child_process').execFileSync('greet')")],
])("of a layer of the template %s", async (_what, file, source) => {
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared]"),
    [`fn/${file}`]: source,
    // Nothing of the project around the layer is deployed.
    "package.json": '{ "type": "module" }',
    "shared/nodejs/greet.js": "module.exports = 'hello';",
    "shared/nodejs/node_modules/greetings/index.js": "module.exports = 'hello';",
    "shared/text": "hello\n",
    "shared/bin/greet": { text: "#!/bin/sh\nprintf hello", mode: 0o755 },
  });
  expect(await answerOf(application.url)).toBe("hello");
});

test("a later layer replaces files of an earlier one, and both have one /opt", async () => {
  const source = commonJs(
    "[...require('node:fs').readdirSync('/opt/nodejs').sort(), require('/opt/nodejs/same'), require('/opt/nodejs/b')]",
  );
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared, !GetAtt Own.LayerVersionArn]"),
    "fn/index.js": source,
    "shared/nodejs/a.js": "module.exports = 'a';",
    "shared/nodejs/same.js": "module.exports = 'first';",
    "own.zip": zipOf({
      "nodejs/b.js": "module.exports = require('./a.js') + 'b';",
      "nodejs/same.js": "module.exports = 'last';",
    }),
  });
  expect(await answerOf(application.url)).toBe("a.js,b.js,same.js,last,ab");
});

const LINK = { text: "target.js", mode: 0o120777 };
const TARGET = { "nodejs/target.js": "module.exports = 'link';" };

test.each<[string, string, Parameters<typeof zipOf>[0], Parameters<typeof zipOf>[0], string]>([
  ["a file", "a folder", { "nodejs/x": "" }, { "nodejs/x/index.js": "" }, "index.js"],
  ["a folder", "a file", { "nodejs/x/index.js": "" }, { "nodejs/x": "" }, "file"],
  ["a folder", "a link", { "nodejs/x/index.js": "" }, { ...TARGET, "nodejs/x": LINK }, "link"],
  ["a link", "a folder", { ...TARGET, "nodejs/x": LINK }, { "nodejs/x/b.js": "" }, "b.js"],
  ["a file", "a link", { "nodejs/x": "" }, { ...TARGET, "nodejs/x": LINK }, "link"],
  ["a link", "a file", { ...TARGET, "nodejs/x": LINK }, { "nodejs/x": "" }, "file"],
  ["a link", "a link", { ...TARGET, "nodejs/x": LINK }, { ...TARGET, "nodejs/x": LINK }, "link"],
])("%s in an earlier layer becomes %s of a later one", async (_1, _2, earlier, later, expected) => {
  const kinds =
    "{ const fs = require('node:fs'); const path = '/opt/nodejs/x'; const found = fs.statSync(path); return found.isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path, 'utf8') === '' ? 'file' : require(path); }";
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared, !Ref Own]", { content: "ContentUri: shared.zip" }),
    "fn/index.js": commonJs(`(() => ${kinds})()`),
    "shared.zip": zipOf(earlier),
    "own.zip": zipOf(later),
  });
  expect(await answerOf(application.url)).toBe(expected);
});

test("a layer whose folder is a link is merged with others, and its content stays", async () => {
  await using written = await writeApplication({
    "template.yaml": template("[!Ref Shared, !Ref Own]"),
    "fn/index.js": commonJs("require('node:fs').readdirSync('/opt/nodejs').sort()"),
    "content/nodejs/a.js": "",
    "own.zip": zipOf({ "nodejs/b.js": "" }),
  });
  await symlink("content", join(written.folder, "shared"));
  await using gateway = await startLocalGateway({ template: written.template, quiet: true });
  expect(await answerOf(gateway.url)).toBe("a.js,b.js");
  expect(await readdir(join(written.folder, "content", "nodejs"))).toEqual(["a.js"]);
});

test("the packages of the function come before those of a layer, and those before the SDK", async () => {
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared]"),
    "fn/index.mjs": moduleOf(
      "import own from 'both'; import sdk from '@aws-sdk/client-dynamodb'",
      "own + sdk",
    ),
    "fn/node_modules/both/index.js": "module.exports = 'own, ';",
    "shared/nodejs/node_modules/both/index.js": "module.exports = 'layer, ';",
    "shared/nodejs/node_modules/@aws-sdk/client-dynamodb/index.js": "module.exports = 'layer';",
  });
  expect(await answerOf(application.url)).toBe("own, layer");
});

test.each([
  ["{ BuildMethod: nodejs22.x }", { "shared/node_modules/greetings/index.js": "" }, "greetings"],
  ["{ BuildMethod: makefile }", { "shared/Makefile": "", "shared/made.js": "" }, "/opt/made.js"],
])("a layer with %s is as sam build makes it", async (metadata, files, name) => {
  const text = "module.exports = 'hello';";
  const makefile = "build-Shared:\n\tcp made.js $(ARTIFACTS_DIR)";
  const written = Object.keys(files).map((file) => [file, file.endsWith(".js") ? text : makefile]);
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared]", { metadata }),
    "fn/index.js": commonJs(`require('${name}')`),
    ...Object.fromEntries(written),
  });
  expect(await answerOf(application.url)).toBe("hello");
});

test.each([
  ["an ARN", "arn:aws:lambda:us-east-1:017000801446:layer:Powertools:1"],
  ["a value that only AWS knows", "!ImportValue layer"],
])("a layer by %s is a warning that names the function, and the others work", async (_, layer) => {
  await using application = await startWritten({
    "template.yaml": template(`[${layer}, !Ref Shared]`),
    "fn/index.js": commonJs("require('/opt/nodejs/greet.js')"),
    "shared/nodejs/greet.js": "module.exports = 'hello';",
  });
  expect(await answerOf(application.url)).toBe("hello");
  expect(await application.lines.find("is not in the template")).toMatch(
    /Fn, Properties\.Layers\.0: the layer \S.* is not in the template: the function runs without it$/,
  );
});

test("what esbuild leaves out of a function comes from the layers", async () => {
  const properties = "{ EntryPoints: [index.ts], External: [greetings, '/opt/nodejs/*'] }";
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared]", {
      fn: `Metadata: { BuildMethod: esbuild, BuildProperties: ${properties} }`,
    }),
    "fn/index.ts": moduleOf(
      "import one from 'greetings'; import two from '/opt/nodejs/greet.js'",
      "one + two",
    ),
    "shared/nodejs/greet.js": "module.exports = 'lo';",
    "shared/nodejs/node_modules/greetings/index.js": "module.exports = 'hel';",
  });
  expect(await answerOf(application.url)).toBe("hello");
});

test("a layer whose content is in S3 is a warning", async () => {
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared]", { content: "ContentUri: s3://bucket/key.zip" }),
    "fn/index.js": commonJs("require('node:fs').existsSync('/opt/nodejs/greet.js')"),
  });
  expect(await answerOf(application.url)).toBe("false");
  expect(await application.lines.find("template ")).toContain(
    "the function runs without this layer",
  );
});

test("a layer whose content does not exist is an error with its place", async () => {
  await expect(
    startWritten({ "template.yaml": template("[!Ref Shared]"), "fn/index.js": "" }),
  ).rejects.toMatchObject({
    code: "TEMPLATE_INVALID",
    message: expect.stringMatching(
      /Shared, Properties\.ContentUri: \S+\/shared is neither a folder nor a zip file on this machine$/,
    ),
  });
});

test("what no layer has is not found, and the error has the name that the function used", async () => {
  const source =
    "try { require('/opt/nodejs/none.js') } catch (error) { exports.text = error.message }";
  await using application = await startWritten({
    "template.yaml": template("[!Ref Shared]"),
    "fn/index.js": `${source}; ${commonJs("exports.text.split('\\n')[0]")}`,
    "shared/nodejs/greet.js": "",
  });
  expect(await answerOf(application.url)).toBe("Cannot find module '/opt/nodejs/none.js'");
});

const PYTHON = `
import greetings

def handler(event, context):
    return {"statusCode": 200, "body": greetings.GREETING}
`;

describeWithPython("a Python function", () => {
  test.each(["python", "python/lib/python3.13/site-packages"])(
    "finds what its layers have in %s, of the right version",
    async (folder) => {
      const runtime = `python${PYTHON_VERSION}`;
      await using application = await startWritten({
        "template.yaml": template("[!Ref Shared]").replace("nodejs22.x", runtime),
        [`shared/${folder.replace("python3.13", runtime)}/greetings.py`]: 'GREETING = "layered"\n',
        "fn/index.py": PYTHON,
      });
      expect(await answerOf(application.url)).toBe("layered");
    },
  );

  test("may be in the template, with a layer that SAM builds for Python", async () => {
    const text = template("[!Ref Shared]", { metadata: "{ BuildMethod: python3.13 }" })
      .replace("nodejs22.x", "python3.13")
      .replace("CodeUri: fn", `InlineCode: ${JSON.stringify(PYTHON)}`);
    await using application = await startWritten({
      "template.yaml": text,
      "shared/greetings.py": 'GREETING = "inline"\n',
    });
    expect(await answerOf(application.url)).toBe("inline");
  });
});

test("a layer may have the bootstrap of a function that brings none", async () => {
  const bootstrap = `#!/usr/bin/env node
    const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
    async function main() {
      const { headers } = await fetch(api + "next");
      const id = headers.get("lambda-runtime-aws-request-id");
      const body = JSON.stringify({ statusCode: 200, body: "from the layer" });
      await fetch(api + id + "/response", { method: "POST", body });
    }
    main();`;
  await using folder = await writeApplication({ "fn/data": "", "shared/bootstrap": bootstrap });
  await chmod(join(folder.folder, "shared", "bootstrap"), 0o755);
  const text = template("[!Ref Shared]").replace("nodejs22.x", "provided.al2023");
  await writeFile(folder.template, text);
  const { url, close } = await startLocalGateway({ template: folder.template, quiet: true });
  await using _gateway = { [Symbol.asyncDispose]: close };
  expect(await answerOf(url)).toBe("from the layer");
});
