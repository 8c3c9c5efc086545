import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCliWithPath } from "../support/run-cli.ts";
import { wsRejection } from "../support/ws-rejection.ts";
import { zipOf } from "../support/zip-of.ts";
import { answerOf, startWritten } from "./start-written.ts";
import { writeApplication } from "./write-application.ts";

/** A template with one function, whose properties and metadata a test gives. */
const template = (fn: string) => `
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $connect: { FunctionArn: !GetAtt Fn.Arn }
        $default: { FunctionArn: !GetAtt Fn.Arn, RouteResponseSelectionExpression: $default }
  Response:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiDefaultRoute, RouteResponseKey: $default }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Fn, Principal: apigateway.amazonaws.com }
  Fn:
${fn}
`;

/** The folder or the file that has the code, and how it is built. */
const built = (codeUri: string, metadata: string, handler = "index.handler") =>
  template(`
    Type: AWS::Serverless::Function
    Metadata: ${metadata}
    Properties: { CodeUri: ${codeUri}, Handler: ${handler}, Runtime: nodejs22.x }`);

const ESBUILD =
  "{ BuildMethod: esbuild, BuildProperties: { EntryPoints: [lib/index.js], External: ['@aws-sdk/*'] } }";

/** A function that answers with an expression. */
const answering = (expression: string) =>
  `exports.handler = async ({ body }) => ({ statusCode: 200, body: ${expression} });`;

test.each([
  ["InlineCode", "AWS::Serverless::Function", (text: string) => `InlineCode: "${text}"`],
  ["ZipFile", "AWS::Lambda::Function", (text: string) => `Code: { ZipFile: "${text}" }`],
])("the source in %s is the CommonJS file index.js", async (_name, type, code) => {
  const source = answering("[body, __filename.split('/').at(-1), require('node:os').EOL].join()");
  await using application = await startWritten({
    "template.yaml": template(`
    Type: ${type}
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      ${code(source)}`),
    // Nothing of the project around the template is deployed.
    "package.json": '{ "type": "module" }',
  });
  expect(await answerOf(application.url)).toBe("hello,index.js,\n");
});

test("source in the template that is an ES module does not load, as on Lambda", async () => {
  await using application = await startWritten({
    "template.yaml": template(`
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      InlineCode: "export const handler = async () => ({ statusCode: 200 });"`),
  });
  expect(await wsRejection(application.url)).toMatchObject({ status: 502 });
  expect(await application.lines.find("rejected")).toContain("Unexpected token 'export'");
});

test("a zip file is unpacked, and its programs and symbolic links work", async () => {
  const source = answering(
    "body + require('node:child_process').execFileSync(__dirname + '/bin/greet') + require('./link.js')",
  );
  await using application = await startWritten({
    "template.yaml": built("build/fn.zip", "{}", "lib/main.handler"),
    "build/fn.zip": zipOf({
      "lib/main.js": source,
      "lib/bin/": "",
      "lib/bin/greet": { text: "#!/bin/sh\nprintf ' there'", mode: 0o100755 },
      "lib/name.js": "module.exports = '!';",
      "lib/link.js": { text: "name.js", mode: 0o120777 },
    }),
  });
  expect(await answerOf(application.url)).toBe("hello there!");
});

const SDK_CLIENT = {
  "package.json": "{}",
  "node_modules/@aws-sdk/client-made-up/index.js": "exports.name = 'made up';",
};

test.each([
  ["in the template", "InlineCode: ", answering("require('@aws-sdk/client-made-up').name")],
  [
    "that imports it",
    "InlineCode: ",
    answering("(await import('@aws-sdk/client-made-up')).default.name"),
  ],
])("code %s finds a client of the SDK that the project has installed", async (_, name, source) => {
  await using application = await startWritten({
    ...SDK_CLIENT,
    "template.yaml": template(`
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, Runtime: nodejs22.x, ${name}"${source}" }`),
  });
  expect(await answerOf(application.url)).toBe("made up");
});

test.each([
  ["a zip file", "{}", "index.js"],
  ["what esbuild leaves out", ESBUILD, "lib/index.js"],
])("%s finds it, too, wherever in the project it is installed", async (what, metadata, file) => {
  const source = answering("require('@aws-sdk/client-made-up').name");
  const isArchive = what === "a zip file";
  await using application = await startWritten({
    ...SDK_CLIENT,
    "template.yaml": built(isArchive ? "build/fn.zip" : "fn", metadata),
    ...(isArchive && { "build/fn.zip": zipOf({ [file]: source }) }),
    // The nearest packages are not those that have it.
    [`fn/${file}`]: source,
    "fn/node_modules/other/index.js": "",
  });
  expect(await answerOf(application.url)).toBe("made up");
});

test("a client of the SDK that is nowhere installed is an error with the command that installs it", async () => {
  await using application = await startWritten({
    "template.yaml": built("fn", "{}"),
    "fn/index.js": 'require("@aws-sdk/client-made-up/sub");',
  });
  expect(await wsRejection(application.url)).toMatchObject({ status: 502 });
  expect(await application.lines.find("npm i -D @aws-sdk/client-made-up")).toContain(
    "@aws-sdk/client-made-up is not installed. Lambda includes it; here",
  );
});

/** The archive with a wrong checksum in the list of its only file. */
function damaged(archive: Buffer): Buffer {
  const place = archive.lastIndexOf("PK\x01\x02") + 16;
  archive.writeUInt32LE((archive.readUInt32LE(place) ^ 1) >>> 0, place);
  return archive;
}

test.each([
  ["is no zip file", Buffer.from("not a zip file"), "End of central directory record"],
  ["has a name that leads out", zipOf({ "../index.js": "" }), "invalid relative path: ../index.js"],
  ["has a damaged file", damaged(zipOf({ "index.js": "text" })), "index.js is damaged"],
  [
    "has a damaged symbolic link",
    damaged(zipOf({ "index.js": { text: "a.js", mode: 0o120777 } })),
    "index.js is damaged",
  ],
  [
    "has a symbolic link with a long target",
    zipOf({ "index.js": { text: "../".repeat(1366), mode: 0o120777 } }),
    "the target of the symbolic link index.js is too long",
  ],
  ["is damaged", zipOf({ "index.js": "text" }).fill(0, 35, 40), ""],
])("a zip file that %s is an error with its path", async (_what, content, problem) => {
  const files = { "template.yaml": built("fn.zip", "{}"), "fn.zip": content };
  await expect(startWritten(files)).rejects.toMatchObject({
    code: "BUILD_FAILED",
    message: expect.stringMatching(
      new RegExp(`^Fn does not build: /\\S+/fn\\.zip cannot be unpacked: .*${problem}`),
    ),
  });
});

test("a zip file that is larger than Lambda allows when it is unpacked is an error", async () => {
  const content = zipOf({ a: "", b: "" });
  // What the second entry of the list says about its size, which is read before its content.
  content.writeUInt32LE(262_144_001, content.lastIndexOf("PK\x01\x02") + 24);
  const files = { "template.yaml": built("fn.zip", "{}"), "fn.zip": content };
  await expect(startWritten(files)).rejects.toMatchObject({
    code: "BUILD_FAILED",
    message: expect.stringContaining("larger than the 250 MB that Lambda allows"),
  });
});

test("the output of sam build runs as it is, although it names the build method", async () => {
  const metadata = "{ BuildMethod: esbuild, BuildProperties: { EntryPoints: [src/index.ts] } }";
  await using application = await startWritten(
    {
      ".aws-sam/build/template.yaml": built("Fn", metadata),
      ".aws-sam/build/Fn/index.js": answering("body + '!'"),
    },
    { template: ".aws-sam/build/template.yaml" },
  );
  expect(await answerOf(application.url)).toBe("hello!");
});

test.each(["{ BuildMethod: nodejs22.x }", "{ BuildMethod: esbuild, SkipBuild: true }"])(
  "with the metadata %s code runs from its folder",
  async (metadata) => {
    await using application = await startWritten({
      "template.yaml": built("fn", metadata),
      "fn/index.js": answering("__filename.split('/').slice(-2).join('/')"),
    });
    expect(await answerOf(application.url)).toBe("fn/index.js");
  },
);

test("make builds a function from a copy of its code, into ARTIFACTS_DIR", async () => {
  await using application = await startWritten({
    "template.yaml": built("fn", "{ BuildMethod: makefile, WorkingDirectory: sub }"),
    "fn/index.js": answering("body + require('./made.json').made"),
    "fn/sub/name": "nobody",
    "fn/Makefile": [
      "build-Fn:",
      "\tcp ../index.js $(ARTIFACTS_DIR)",
      '\techo \'{ "made": " from make" }\' > $(ARTIFACTS_DIR)/made.json',
      "\trm name",
    ].join("\n"),
  });
  expect(await answerOf(application.url)).toBe("hello from make");
  expect(await application.lines.find("build")).toContain("Fn");
});

test("a target that fails is an error with the end of what make wrote", async () => {
  const files = {
    "template.yaml": built("fn", "{ BuildMethod: makefile }"),
    "fn/Makefile": "build-Fn:\n\techo no compiler here; exit 3",
  };
  await expect(startWritten(files)).rejects.toMatchObject({
    code: "BUILD_FAILED",
    message: expect.stringMatching(
      /^Fn does not build: make build-Fn failed\n(.*\n)*.*no compiler here/,
    ),
  });
});

test("without a Makefile the code runs as it is, and a line says so", async () => {
  await using application = await startWritten({
    "template.yaml": built("fn", "{ BuildMethod: makefile }"),
    "fn/index.js": answering("body + '!'"),
  });
  expect(await answerOf(application.url)).toBe("hello!");
  expect(await application.lines.find("template")).toMatch(
    /Fn, Metadata\.BuildMethod: there is no Makefile in \S+\/fn: the code runs as it is there$/,
  );
});

test("without the program make the code runs as it is, and a line says so", async () => {
  await using application = await writeApplication({
    "template.yaml": built("fn", "{ BuildMethod: makefile }"),
    "fn/index.js": answering("body + '!'"),
    "fn/Makefile": "build-Fn:\n\tcp index.js $(ARTIFACTS_DIR)",
  });
  const args = ["--template", application.template, "--port", "0"];
  await using cli = runCliWithPath("/nonexistent", ...args);
  let line = "";
  const before: string[] = [];
  while (!line.startsWith("Listening on ")) {
    line = await cli.lines.take();
    before.push(line);
  }
  expect(before.join("\n")).toContain(
    "Fn is not built, because make is not installed: its code runs as it is",
  );
  expect(await answerOf(line.replace("Listening on ", ""))).toBe("hello!");
});

test("a zip file that is made again is live, and so is what make builds anew", async () => {
  await using zipped = await startWritten(
    {
      "template.yaml": built("fn.zip", "{}"),
      "fn.zip": zipOf({ "index.js": answering("'first'") }),
    },
    { watch: true },
  );
  await using made = await startWritten(
    {
      "template.yaml": built("fn", "{ BuildMethod: makefile }"),
      "fn/index.js": answering("'first'"),
      "fn/Makefile": "build-Fn:\n\tcp index.js $(ARTIFACTS_DIR)",
    },
    { watch: true },
  );
  expect(await answerOf(zipped.url)).toBe("first");
  expect(await answerOf(made.url)).toBe("first");
  const [archive, source] = [join(zipped.folder, "fn.zip"), join(made.folder, "fn/index.js")];
  await writeFile(`${archive}.new`, zipOf({ "index.js": answering("'second'") }));
  await rename(`${archive}.new`, archive);
  await writeFile(`${source}.new`, answering("'second'"));
  await rename(`${source}.new`, source);
  await zipped.lines.find("reloaded Fn in");
  await made.lines.find("reloaded Fn in");
  expect(await answerOf(zipped.url)).toBe("second");
  expect(await answerOf(made.url)).toBe("second");
});

test.each([
  ["{ BuildMethod: rust-cargolambda }", "BuildMethod: rust-cargolambda is not supported"],
  ["{ BuildMethod: makefile, ContextPath: .. }", "ContextPath: is not supported"],
])("the metadata %s is an error with its place", async (metadata, problem) => {
  await expect(
    startWritten({ "template.yaml": built("fn", metadata), "fn/index.js": "" }),
  ).rejects.toMatchObject({
    code: "TEMPLATE_UNSUPPORTED",
    message: expect.stringContaining(`Fn, Metadata.${problem}`),
  });
});
