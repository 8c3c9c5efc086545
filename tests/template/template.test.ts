import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readApplication } from "../../local-gateway/template/application.ts";
import { TEMPLATE_TAGS } from "../../local-gateway/template/file.ts";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { JwtTokenVerifier } from "../../src/adapters/jwt-token-verifier.ts";
import { readConfig } from "../../src/app/config.ts";

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Outputs: Readonly<
    Record<string, { readonly Description?: string; readonly Value: unknown }>
  >;
}

const template: Template = parse(readFileSync("template.yaml", "utf8"), {
  customTags: TEMPLATE_TAGS,
});
const application = await readApplication("template.yaml", { region: "eu-west-1" });
const relay = application.functions.get("RelayFunction");
const [
  {
    stages: [api],
  },
] = application.apis;

/** API Gateway's own limit, in milliseconds. */
const INTEGRATION_TIMEOUT = 29_000;

function ofType(type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The function's own reading of `ALLOWED_ORIGINS`. */
function allowedOriginsOf(ALLOWED_ORIGINS: string): readonly string[] {
  const required = {
    CONNECTIONS_TABLE: "connections",
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "https://api.example/dev",
    AWS_LAMBDA_FUNCTION_NAME: "relay",
  };
  return readConfig({ ...required, ALLOWED_ORIGINS }).allowedOrigins;
}

/** The variables of the function when the parameters have these values. */
async function environmentWith(parameterOverrides: Readonly<Record<string, string>>) {
  const { functions } = await readApplication("template.yaml", {
    region: "eu-west-1",
    parameterOverrides,
  });
  return functions.get("RelayFunction")?.environment;
}

describe("template.yaml", () => {
  test("leaves nothing behind when the stack is removed", () => {
    const kept = Object.values(template.Resources).filter(
      ({ DeletionPolicy }) => DeletionPolicy !== undefined && DeletionPolicy !== "Delete",
    );
    expect(kept).toEqual([]);
    expect(template.Resources.ConnectionsTable?.DeletionPolicy).toBe("Delete");
    expect(template.Resources.RelayFunctionLogGroup?.DeletionPolicy).toBe("Delete");
  });

  test("has its function on Node 24, and on arm64 by default", () => {
    expect(relay?.runtime).toBe("nodejs24.x");
    expect(relay?.memorySize).toBe(512);
    expect(template.Resources.RelayFunction?.Properties.Architectures).toEqual([
      { Ref: "Architecture" },
    ]);
    expect(template.Parameters.Architecture).toMatchObject({
      Default: "arm64",
      AllowedValues: ["arm64", "x86_64"],
    });
  });

  test("takes eight routes to it, of which $default alone answers", () => {
    for (const [routeKey, twoWay] of [
      ["$connect", false],
      ["$disconnect", false],
      ["sendMessageRoute", false],
      ["subscribe", false],
      ["unsubscribe", false],
      ["members", false],
      ["history", false],
      ["$default", true],
    ] as const) {
      expect(api.routes.get(routeKey)).toMatchObject({
        routeKey,
        twoWay,
        functionId: "RelayFunction",
        integrationTimeout: INTEGRATION_TIMEOUT,
      });
    }
    expect(api.routes.size).toBe(8);
    expect(api.routeSelectionExpression).toBe("$request.body.action");
  });

  test("has a table of connections, which forgets them by itself and costs nothing unused", () => {
    expect(template.Resources.ConnectionsTable?.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: expect.arrayContaining(
        ["connectionId", "entry", "registeredUser", "joinedChannel", "watchedChannel"].map(
          (AttributeName) => ({ AttributeName, AttributeType: "S" }),
        ),
      ),
      KeySchema: [
        { AttributeName: "connectionId", KeyType: "HASH" },
        { AttributeName: "entry", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: expect.arrayContaining(
        [
          ["userIndex", "registeredUser"],
          ["channelIndex", "joinedChannel"],
          ["watchIndex", "watchedChannel"],
        ].map(([IndexName, AttributeName]) =>
          expect.objectContaining({
            IndexName,
            KeySchema: [
              { AttributeName, KeyType: "HASH" },
              { AttributeName: "connectionId", KeyType: "RANGE" },
            ],
          }),
        ),
      ),
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
  });

  test("has a table of messages only where HistoryHours is above 0, and lets the function use it", async () => {
    const read = async (HistoryHours: string) => {
      const { tables, functions } = await readApplication("template.yaml", {
        region: "eu-west-1",
        parameterOverrides: { HistoryHours },
      });
      return { tables, relay: functions.get("RelayFunction") };
    };
    expect(application.tables).toHaveLength(1);
    expect(relay?.environment).toMatchObject({ HISTORY_HOURS: "0", HISTORY_TABLE: "" });
    expect(template.Resources.MessagesTable).toMatchObject({
      DeletionPolicy: "Delete",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "list", KeyType: "HASH" },
          { AttributeName: "sequence", KeyType: "RANGE" },
        ],
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      },
    });
    for (const hours of ["1", "24", "168"]) {
      const kept = await read(hours);
      const table = kept.tables.find(({ tableName }) => tableName.includes("Messages"))?.tableName;
      expect(kept.relay?.environment).toMatchObject({ HISTORY_HOURS: hours, HISTORY_TABLE: table });
      expect(kept.relay?.policies).toHaveLength((relay?.policies?.length ?? 0) + 1);
      expect(kept.relay?.policies).toContainEqual({
        effect: "Allow",
        actions: [
          "dynamodb:PutItem",
          "dynamodb:GetItem",
          "dynamodb:UpdateItem",
          "dynamodb:BatchGetItem",
          "dynamodb:Query",
        ],
        resources: [`arn:aws:dynamodb:eu-west-1:123456789012:table/${table}`],
      });
    }
    for (const hours of ["169", "-1", "1.5", "many", "", "01"]) {
      await expect(read(hours)).rejects.toThrow("HistoryHours");
    }
  });

  test("lets the function do what it does, to its own table and its own stage, and nothing else", () => {
    const table = `arn:aws:dynamodb:eu-west-1:123456789012:table/${application.tables[0]?.tableName}`;
    expect(relay?.policies).toEqual([
      {
        effect: "Allow",
        actions: [
          "dynamodb:PutItem",
          "dynamodb:GetItem",
          "dynamodb:DeleteItem",
          "dynamodb:UpdateItem",
          "dynamodb:BatchWriteItem",
        ],
        resources: [table],
      },
      {
        effect: "Allow",
        actions: ["dynamodb:Query"],
        resources: [
          table,
          `${table}/index/userIndex`,
          `${table}/index/channelIndex`,
          `${table}/index/watchIndex`,
        ],
      },
      {
        effect: "Allow",
        actions: ["execute-api:ManageConnections"],
        resources: [
          `arn:aws:execute-api:eu-west-1:123456789012:${api.apiId}/dev/POST/@connections/*`,
          `arn:aws:execute-api:eu-west-1:123456789012:${api.apiId}/dev/GET/@connections/*`,
          `arn:aws:execute-api:eu-west-1:123456789012:${api.apiId}/dev/DELETE/@connections/*`,
        ],
      },
      {
        effect: "Allow",
        actions: ["lambda:InvokeFunction"],
        resources: [`arn:aws:lambda:eu-west-1:123456789012:function:${relay?.functionName}`],
      },
    ]);
    expect(ofType("AWS::IAM::Role")).toEqual([]);
  });

  test("lets the function invoke itself by a policy of its own, since one of the function's would be a cycle", () => {
    expect(ofType("AWS::IAM::Policy").map(([name]) => name)).toEqual([
      "RelayFunctionInvokesItself",
    ]);
    const { Policies } = template.Resources.RelayFunction?.Properties ?? {};
    expect(JSON.stringify(Policies)).not.toContain("RelayFunction");
  });

  test("says how long Lambda keeps what the function hands to itself, and ends no chain of it", () => {
    expect(relay?.eventInvokeConfig).toEqual({ maximumRetryAttempts: 1, maximumEventAge: 60 });
    expect(template.Resources.RelayFunction?.Properties).toMatchObject({ RecursiveLoop: "Allow" });
  });

  test("hands the pace of large messages to the function, and rejects one that no slice could keep", async () => {
    expect(await environmentWith({})).toMatchObject({ FAN_OUT_PER_SECOND: "2000" });
    expect(await environmentWith({ FanOutPerSecond: "50" })).toMatchObject({
      FAN_OUT_PER_SECOND: "50",
    });
    await expect(environmentWith({ FanOutPerSecond: "49" })).rejects.toThrow("FanOutPerSecond");
  });

  test("gives the function its own endpoint, by the API's and not by the stage's resource", () => {
    expect(relay?.environment).toMatchObject({
      CONNECTIONS_TABLE: application.tables[0]?.tableName,
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `https://${api.apiId}.execute-api.eu-west-1.amazonaws.com/dev`,
      AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.eu-west-1.amazonaws.com",
      JWT_ISSUER: "",
      JWT_AUDIENCE: "",
      JWT_JWKS_URI: "",
      JWT_USER_CLAIM: "sub",
      JWT_CHANNELS_CLAIM: "",
      ALLOWED_ORIGINS: "",
      RAW_FORWARD: "true",
      PRESENCE_WATCHERS: "0",
      MESSAGES_PER_MINUTE: "0",
      GROUP_MESSAGE_BYTES: "131072",
      FAN_OUT_PER_SECOND: "2000",
      NODE_OPTIONS: "--enable-source-maps",
    });
  });

  test("hands its parameters about tokens and origins to the function", async () => {
    const parameterOverrides = {
      JwtIssuer: "https://id.example/",
      JwtAudience: "relay",
      JwtJwksUri: "https://id.example/keys",
      JwtUserClaim: "email",
      JwtChannelsClaim: "rooms",
      AllowedOrigins: "https://app.example,http://localhost:8080",
    };
    expect(await environmentWith(parameterOverrides)).toMatchObject({
      JWT_ISSUER: "https://id.example/",
      JWT_AUDIENCE: "relay",
      JWT_JWKS_URI: "https://id.example/keys",
      JWT_USER_CLAIM: "email",
      JWT_CHANNELS_CLAIM: "rooms",
      ALLOWED_ORIGINS: "https://app.example,http://localhost:8080",
    });
  });

  test("hands RawForward to the function, which is true or false and nothing else", async () => {
    expect(await environmentWith({ RawForward: "false" })).toMatchObject({ RAW_FORWARD: "false" });
    await expect(environmentWith({ RawForward: "no" })).rejects.toThrow("RawForward");
  });

  test.each([
    [
      "an issuer without an audience",
      { JwtIssuer: "https://id.example" },
      "JwtAudience must be set",
    ],
    ["an audience without an issuer", { JwtAudience: "relay" }, "JwtIssuer must be set"],
    ["keys without an issuer", { JwtJwksUri: "https://id.example/keys" }, "JwtIssuer must be set"],
    ["the user's claim without an issuer", { JwtUserClaim: "email" }, "JwtIssuer must be set"],
    ["channels without an issuer", { JwtChannelsClaim: "rooms" }, "JwtIssuer must be set"],
    [
      "an issuer that is not a valid URL",
      { JwtIssuer: "id.example", JwtAudience: "relay" },
      "JwtIssuer",
    ],
    [
      "keys over an open line",
      { JwtIssuer: "http://id.example", JwtAudience: "relay" },
      "JwtIssuer",
    ],
    ["other keys over an open line", { JwtJwksUri: "http://127.0.0.1.example/" }, "JwtJwksUri"],
  ])("is rejected with %s", async (_, parameterOverrides, reason) => {
    await expect(environmentWith(parameterOverrides)).rejects.toThrow(reason);
  });

  test.each([
    "https://app.example",
    "https://app.example,http://localhost:8080, capacitor://localhost",
    "https://xn--bcher-kva.example:8443,http://127.0.0.1:443,http://[::1]:3000",
  ])("takes the origins %s, and so does the function", async (origins) => {
    await expect(environmentWith({ AllowedOrigins: origins })).resolves.toMatchObject({
      ALLOWED_ORIGINS: origins,
    });
    expect(allowedOriginsOf(origins)).toEqual(origins.split(/, ?/));
  });

  test.each([
    "*",
    "app.example",
    "https://app.example/",
    "https://APP.example",
    "https://user@app.example",
    "https://*.example",
    "https://bücher.example",
    "https://app.example:",
    "https://app.example:80x",
    "https://app.example:443",
    "http://app.example:80",
  ])("rejects the origin %s, with which the function would not start", async (origin) => {
    for (const origins of [origin, `https://a.example,${origin}`, `${origin},https://a.example`]) {
      await expect(environmentWith({ AllowedOrigins: origins })).rejects.toThrow("AllowedOrigins");
    }
    expect(() => allowedOriginsOf(origin)).toThrow("ALLOWED_ORIGINS");
  });

  test("takes an issuer on the developer's own machine", async () => {
    const own = { JwtIssuer: "http://localhost:8080/realm", JwtAudience: "relay" };
    await expect(environmentWith(own)).resolves.toMatchObject({ JWT_ISSUER: own.JwtIssuer });
  });

  test("gives the function more time than a slow $connect takes, and less than API Gateway waits", () => {
    // The keys of a token's issuer, a registration that is not confirmed, and taking that back.
    const slowestConnect = JwtTokenVerifier.longestFetch + 2 * DynamoDbConnectionStore.longestCall;
    const timeout = (relay?.timeout ?? 0) * 1000;
    expect(timeout).toBeGreaterThan(slowestConnect);
    expect(timeout).toBeLessThan(INTEGRATION_TIMEOUT);
  });

  test("replaces nothing at build time but the SDK's search for credentials", () => {
    const { Alias, External, Inject, Define } = relay?.esbuild ?? {};
    expect({ Alias, External, Inject, Define }).toEqual({
      Alias: ["@aws-sdk/credential-provider-node=./src/adapters/lambda-credentials.ts"],
    });
  });

  test("has the limits for all clients together that SECURITY.md names", () => {
    const page = readFileSync("SECURITY.md", "utf8");
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = template.Parameters;
    const written = (parameter: typeof rate) => Number(parameter?.Default).toLocaleString("en-US");
    expect(page).toContain(`\`ThrottlingRateLimit\` (${written(rate)} a second)`);
    expect(page).toContain(`\`ThrottlingBurstLimit\` (${written(burst)} at once)`);
    expect(page).toContain(`for up to ${relay?.timeout} seconds`);
    expect(relay?.reservedConcurrency).toBeUndefined();
  });

  test("hands its limits to the function, and reserves concurrency only when it is given", async () => {
    const limits = { PresenceWatchers: "20", MessagesPerMinute: "60", GroupMessageBytes: "4096" };
    expect(await environmentWith(limits)).toMatchObject({
      PRESENCE_WATCHERS: "20",
      MESSAGES_PER_MINUTE: "60",
      GROUP_MESSAGE_BYTES: "4096",
    });
    const { functions } = await readApplication("template.yaml", {
      region: "eu-west-1",
      parameterOverrides: { ReservedConcurrency: "50" },
    });
    expect(functions.get("RelayFunction")?.reservedConcurrency).toBe(50);
  });

  test.each([
    { PresenceWatchers: "101" },
    { PresenceWatchers: "-1" },
    { MessagesPerMinute: "many" },
    { GroupMessageBytes: "0" },
    { GroupMessageBytes: "131073" },
    { ReservedConcurrency: "some" },
  ])("rejects the limits %j", async (parameterOverrides) => {
    const [name = ""] = Object.keys(parameterOverrides);
    await expect(environmentWith(parameterOverrides)).rejects.toThrow(name);
  });

  test("keeps the log for a limited time, in a group that CloudFormation names: a fixed name may be taken", () => {
    const [group] = ofType("AWS::Logs::LogGroup");
    expect(group?.[1].Properties).toEqual({ RetentionInDays: { Ref: "LogRetentionInDays" } });
    expect(template.Resources.RelayFunction?.Properties.LoggingConfig).toEqual({
      LogFormat: "JSON",
      LogGroup: { Ref: group?.[0] },
    });
  });

  test("throttles each route, as its parameters say", async () => {
    const parameterOverrides = { ThrottlingRateLimit: "7", ThrottlingBurstLimit: "3" };
    const { apis } = await readApplication("template.yaml", {
      region: "eu-west-1",
      parameterOverrides,
    });
    const { routes } = apis[0].stages[0];
    expect(routes.get("$connect")?.throttle).toMatchObject({ rate: 7, burst: 3 });
    expect(routes.get("sendMessageRoute")?.throttle).toMatchObject({ rate: 7, burst: 3 });
  });

  test("takes the stage from its parameter, and rejects a stage that cannot be one", async () => {
    const read = (Stage: string) =>
      readApplication("template.yaml", { region: "eu-west-1", parameterOverrides: { Stage } });
    expect((await read("prod")).apis[0].stages[0].stage).toBe("prod");
    await expect(read("a/b")).rejects.toThrow("Stage");
  });

  test("declares what events/env-vars.json overrides, and the local gateway names the table so", () => {
    const overrides: Record<string, Record<string, string>> = JSON.parse(
      readFileSync("events/env-vars.json", "utf8"),
    );
    expect(Object.keys(overrides)).toEqual([...application.functions.keys()]);
    const variables = overrides.RelayFunction ?? {};
    expect(Object.keys(relay?.environment ?? {})).toEqual(
      expect.arrayContaining(Object.keys(variables)),
    );
    expect(variables.CONNECTIONS_TABLE).toBe(application.tables[0]?.tableName);
  });

  test("describes every parameter and output, and asks for no parameter", () => {
    for (const parameter of Object.values(template.Parameters)) {
      expect(parameter.Description).toMatch(/\w/);
      expect(parameter.Default).toBeDefined();
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in, not JavaScript.
    const host = "${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${Stage}";
    const outputs = Object.entries(template.Outputs).map(([name, { Value }]) => [name, Value]);
    expect(Object.fromEntries(outputs)).toMatchObject(
      Object.fromEntries([
        ["WebSocketUrl", { "Fn::Sub": `wss://${host}` }],
        ["ConnectionsUrl", { "Fn::Sub": `https://${host}/@connections` }],
        ["TableName", { Ref: "ConnectionsTable" }],
        ["FunctionName", { Ref: "RelayFunction" }],
        ["LogGroupName", { Ref: "RelayFunctionLogGroup" }],
      ]),
    );
    for (const output of Object.values(template.Outputs)) {
      expect(output.Description).toMatch(/\w/);
    }
  });
});
