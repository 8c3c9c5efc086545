import { invalid, unsupported } from "./template-problems.ts";
import { readText, smallTemplate } from "./templates.ts";

const read = async (properties: string, sections = "") =>
  (await readText(smallTemplate({ properties, sections }))).functions.get("Fn");

test("a function that says little has Lambda's defaults and runs from the template's folder", async () => {
  const definition = await read("");
  expect(definition).toMatchObject({
    logicalId: "Fn",
    handler: "index.handler",
    runtime: "nodejs24.x",
    timeout: 3,
    memorySize: 128,
    environment: {},
    logFormat: "Text",
    policies: [],
  });
  expect(definition?.codePath).toMatch(/\/template-\w+$/);
  expect(definition?.functionName).toBe("local-Fn");
  expect(definition).not.toHaveProperty("esbuild");
});

test("a function says what it is called, how long it may take and how it logs", async () => {
  const definition = await read(`
      FunctionName: !Sub "\${AWS::Region}-fn"
      CodeUri: src/app
      Timeout: "20"
      MemorySize: 512
      LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: DEBUG, LogGroup: /my/logs }`);
  expect(definition).toMatchObject({
    functionName: "eu-west-1-fn",
    timeout: 20,
    memorySize: 512,
    logFormat: "JSON",
    logLevel: "DEBUG",
    logGroupName: "/my/logs",
  });
  expect(definition?.codePath).toMatch(/\/template-\w+\/src\/app$/);
});

test("a function may have a reserved concurrency, and 0 is one", async () => {
  expect(await read("      ReservedConcurrentExecutions: 7")).toHaveProperty(
    "reservedConcurrency",
    7,
  );
  expect(await read('      ReservedConcurrentExecutions: "0"')).toHaveProperty(
    "reservedConcurrency",
    0,
  );
  expect(await read("")).not.toHaveProperty("reservedConcurrency");
});

test.each(["-1", "1.5"])("a reserved concurrency of %s is an error", async (reserved) => {
  await expect(read(`      ReservedConcurrentExecutions: ${reserved}`)).rejects.toMatchObject(
    invalid(
      `Fn, Properties.ReservedConcurrentExecutions: must be a whole number of at least 0, not ${reserved}`,
    ),
  );
});

test("a function knows the alias that SAM publishes for it", async () => {
  const read = async (properties: string) =>
    (await readText(smallTemplate({ properties }))).functions.get("Fn");
  expect(await read("      AutoPublishAlias: live")).toHaveProperty("alias", "live");
  expect(await read("")).not.toHaveProperty("alias");
});

test("Globals fill in what a function leaves out, and its own maps and lists add to theirs", async () => {
  const sections = `
Globals:
  Function:
    Timeout: 10
    MemorySize: 256
    Environment: { Variables: { A: global, B: global, C: !Ref AWS::Region } }
    Policies: [{ Statement: { Effect: Allow, Action: "a:A", Resource: "*" } }]
Conditions: { Never: !Equals [1, 2] }`;
  const definition = await read(
    `
      MemorySize: 1024
      Environment: { Variables: { B: own, C: !If [Never, x, !Ref AWS::NoValue] } }
      Policies: [{ Statement: { Effect: Deny, Action: "b:B", Resource: "*" } }]`,
    sections,
  );
  expect(definition).toMatchObject({ timeout: 10, memorySize: 1024 });
  expect(definition?.environment).toEqual({ A: "global", B: "own" });
  expect(definition?.policies.map(({ effect }) => effect)).toEqual(["Allow", "Deny"]);
});

test("the build properties are read as they are written", async () => {
  const definition = await read(`
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        EntryPoints: [a.ts]
        Minify: false
        Target: !Sub node24
        LineLimit: 80`);
  expect(definition?.esbuild).toEqual({
    EntryPoints: ["a.ts"],
    Minify: false,
    Target: "node24",
    LineLimit: 80,
  });
});

test("inline statements become policies, their single actions and resources lists", async () => {
  const definition = await read(
    `
      Policies:
        - Version: 2012-10-17
          Statement:
            - { Sid: One, Effect: Allow, Action: "s3:Get", Resource: !Sub "arn:\${AWS::Partition}:x" }
            - { Effect: Deny, Action: ["a:B", "a:C"], Resource: ["r", "s"] }
        - !If [Always, { Statement: [] }, !Ref AWS::NoValue]`,
    "Conditions: { Always: !Equals [1, 2] }",
  );
  expect(definition?.policies).toEqual([
    { effect: "Allow", actions: ["s3:Get"], resources: ["arn:aws:x"] },
    { effect: "Deny", actions: ["a:B", "a:C"], resources: ["r", "s"] },
  ]);
});

test("a policy statement with an unsupported member is an error with its place", async () => {
  const statement = '{ Effect: Allow, NotAction: "a:B", Resource: "*" }';
  await expect(read(`      Policies: [{ Statement: ${statement} }]`)).rejects.toMatchObject(
    unsupported(
      "template.yaml:15: Fn, Properties.Policies.0.Statement.NotAction: is not supported",
    ),
  );
});

test.each([
  ["python3.13", "Handler: a.b"],
  ["provided.al2023", ""],
  ["java21", "Handler: a.B::c, CodeUri: target/none.jar, InlineCode: class"],
])("a function of the runtime %s is read with the place of its runtime", async (runtime, rest) => {
  const resources = `
  Other:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: any }
    Properties: { Runtime: ${runtime}, ${rest} }`;
  const { functions } = await readText(smallTemplate({ resources }));
  expect(functions.get("Other")).toMatchObject({
    runtime,
    runtimePlace: { resource: "Other", property: "Properties.Runtime", line: expect.any(Number) },
  });
});

test("a container image is an error only where the API needs it", async () => {
  const resources = `
  Other:
    Type: AWS::Serverless::Function
    Properties: { PackageType: Image, ImageUri: any }`;
  const text = smallTemplate({ resources });
  expect([...(await readText(text)).functions.keys()]).toEqual(["Fn"]);
  await expect(readText(text.replace("!GetAtt Fn.Arn", "!GetAtt Other.Arn"))).rejects.toMatchObject(
    unsupported(/Other, Properties\.PackageType: a container image is not supported, only Zip is$/),
  );
});

test("the handler of code in the template is in the file index", async () => {
  const inline = "      InlineCode: exports.handler = async () => null";
  expect(await read(inline)).toMatchObject({ inlineCode: "exports.handler = async () => null" });
  const text = smallTemplate({ properties: inline }).replace("index.handler", "app.handler");
  await expect(readText(text)).rejects.toMatchObject(
    invalid("Fn, Properties.Handler: must begin with index., the file of code in the template"),
  );
});

test("a function that only handles custom resources is left out", async () => {
  const resources = (token: string) => `
  Handler:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: a.b }
  Emptied:
    Type: Custom::EmptyBucket
    Properties: { ServiceToken: ${token} }`;
  const idsOf = async (token: string) =>
    [...(await readText(smallTemplate({ resources: resources(token) }))).functions.keys()].sort();
  expect(await idsOf("!GetAtt Handler.Arn")).toEqual(["Fn"]);
  expect(await idsOf("arn:aws:lambda:us-east-1:123456789012:function:other")).toEqual([
    "Fn",
    "Handler",
  ]);
  // One that the API invokes, too, stays.
  expect(await idsOf("!GetAtt Fn.Arn")).toEqual(["Fn", "Handler"]);
});

test("a function whose condition does not hold does not exist", async () => {
  const sections = "Conditions: { Never: !Equals [1, 2] }";
  const resources = `
  Other:
    Type: AWS::Serverless::Function
    Condition: Never
    Properties: { Runtime: nodejs24.x, Handler: a.b }`;
  const { functions } = await readText(smallTemplate({ sections, resources }));
  expect([...functions.keys()]).toEqual(["Fn"]);
});

test("a runtime that cannot be resolved is an error of the API that needs the function", async () => {
  const other = `
  Other:
    Type: AWS::Serverless::Function
    Properties: { Runtime: !ImportValue runtime, Handler: a.b }`;
  const text = smallTemplate({ resources: other });
  expect([...(await readText(text)).functions.keys()]).toEqual(["Fn"]);
  await expect(readText(text.replace("!GetAtt Fn.Arn", "!GetAtt Other.Arn"))).rejects.toMatchObject(
    unsupported("Other, Properties.Runtime.Fn::ImportValue: runtime is exported by another stack"),
  );
});

test.each(["src/none", "a".repeat(300), '"\\0"'])(
  "code in %j is an error with its place",
  async (uri) => {
    await expect(read(`      CodeUri: ${uri}`)).rejects.toMatchObject(
      invalid(
        /template\.yaml:15: Fn, Properties\.CodeUri: \/\S+ is neither a folder nor a zip file on this machine$/,
      ),
    );
  },
);

test("a function's asynchronous invocations are tried as SAM's property says, and else as Lambda does", async () => {
  expect(
    await read(
      "      EventInvokeConfig: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: '60' }",
    ),
  ).toMatchObject({ eventInvokeConfig: { maximumRetryAttempts: 0, maximumEventAge: 60 } });
  expect(await read("")).toMatchObject({
    eventInvokeConfig: { maximumRetryAttempts: 2, maximumEventAge: 21_600 },
  });
});

test.each(["!Ref Fn", "!GetAtt Fn.Arn"])(
  "a function's asynchronous invocations are tried as the resource for %s says",
  async (name) => {
    const resources = `  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: ${name}, Qualifier: $LATEST, MaximumRetryAttempts: 1 }
  Other:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: other, Qualifier: $LATEST, MaximumRetryAttempts: 0 }`;
    const { functions } = await readText(smallTemplate({ resources }));
    expect(functions.get("Fn")).toMatchObject({
      eventInvokeConfig: { maximumRetryAttempts: 1, maximumEventAge: 21_600 },
    });
  },
);

test.each([
  ["MaximumRetryAttempts: 3", "MaximumRetryAttempts: must be a whole number from 0 to 2, not 3"],
  [
    "MaximumEventAgeInSeconds: 59",
    "MaximumEventAgeInSeconds: must be a whole number from 60 to 21600, not 59",
  ],
])("%s of asynchronous invocations is an error", async (property, problem) => {
  await expect(read(`      EventInvokeConfig: { ${property} }`)).rejects.toMatchObject(
    invalid(`Fn, Properties.EventInvokeConfig.${problem}`),
  );
});
