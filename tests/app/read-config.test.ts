import { readConfig } from "../../src/app/config.ts";

const VARIABLES = {
  CONNECTIONS_TABLE: "connections",
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "https://api.example/dev",
  AWS_LAMBDA_FUNCTION_NAME: "relay",
};

describe("readConfig", () => {
  test("reads every variable", () => {
    expect(readConfig(VARIABLES)).toEqual({
      connectionsTable: "connections",
      managementEndpoint: "https://api.example/dev",
      allowedOrigins: [],
      jwt: undefined,
      rawForward: true,
      presenceWatchers: 0,
      messagesPerMinute: 0,
      groupMessageBytes: 131_072,
      functionName: "relay",
      fanOutPerSecond: 2000,
      history: undefined,
      metrics: false,
    });
  });

  test("reads where messages are kept, and for how long", () => {
    const history = { HISTORY_HOURS: "24", HISTORY_TABLE: "messages" };
    expect(readConfig({ ...VARIABLES, ...history }).history).toEqual({
      table: "messages",
      hours: 24,
    });
    const off = { HISTORY_HOURS: "0", HISTORY_TABLE: "" };
    expect(readConfig({ ...VARIABLES, ...off }).history).toBeUndefined();
  });

  test.each([
    [{ HISTORY_HOURS: "169" }, "HISTORY_HOURS must be a whole number from 0 to 168"],
    [{ HISTORY_HOURS: "1.5", HISTORY_TABLE: "messages" }, "HISTORY_HOURS must be"],
    [{ HISTORY_HOURS: "1" }, "HISTORY_TABLE is missing"],
  ])("rejects %j", (history, problem) => {
    expect(() => readConfig({ ...VARIABLES, ...history })).toThrow(problem);
  });

  test.each([
    [{}, false],
    [{ METRICS: "" }, false],
    [{ METRICS: "false" }, false],
    [{ METRICS: "true" }, true],
  ])("reads from %j whether metrics are written: %j", (variables, metrics) => {
    expect(readConfig({ ...VARIABLES, ...variables })).toMatchObject({ metrics });
  });

  test.each([
    [{ METRICS: "yes" }, "METRICS must be true or false"],
    [{ AWS_LAMBDA_FUNCTION_NAME: undefined }, "AWS_LAMBDA_FUNCTION_NAME is missing"],
  ])("rejects %j", (variables, problem) => {
    expect(() => readConfig({ ...VARIABLES, ...variables })).toThrow(problem);
  });

  test("reads the limits", () => {
    const limits = { PRESENCE_WATCHERS: "20", MESSAGES_PER_MINUTE: "60", GROUP_MESSAGE_BYTES: "1" };
    const pace = { FAN_OUT_PER_SECOND: "500" };
    expect(readConfig({ ...VARIABLES, ...limits, ...pace })).toMatchObject({
      presenceWatchers: 20,
      fanOutPerSecond: 500,
      messagesPerMinute: 60,
      groupMessageBytes: 1,
    });
  });

  test.each([
    [{ PRESENCE_WATCHERS: "101" }, "PRESENCE_WATCHERS must be a whole number from 0 to 100"],
    [{ PRESENCE_WATCHERS: "-1" }, "PRESENCE_WATCHERS must be"],
    [{ MESSAGES_PER_MINUTE: "many" }, "MESSAGES_PER_MINUTE must be"],
    [{ MESSAGES_PER_MINUTE: "1.5" }, "MESSAGES_PER_MINUTE must be"],
    [{ GROUP_MESSAGE_BYTES: "0" }, "GROUP_MESSAGE_BYTES must be a whole number from 1 to 131072"],
    [{ GROUP_MESSAGE_BYTES: "131073" }, "GROUP_MESSAGE_BYTES must be"],
    [{ GROUP_MESSAGE_BYTES: " 5" }, "GROUP_MESSAGE_BYTES must be"],
    [{ FAN_OUT_PER_SECOND: "49" }, "FAN_OUT_PER_SECOND must be a whole number from 50 to 100000"],
  ])("rejects the limits %j", (limits, problem) => {
    expect(() => readConfig({ ...VARIABLES, ...limits })).toThrow(problem);
  });

  test.each([
    ["", true],
    ["true", true],
    ["false", false],
  ])("reads %j as whether bare data may be sent to a connection id: %j", (value, rawForward) => {
    expect(readConfig({ ...VARIABLES, RAW_FORWARD: value })).toMatchObject({ rawForward });
  });

  test.each(["no", "False", "0", " false"])(
    "rejects %j as an answer to that, which may have been meant as no",
    (value) => {
      expect(() => readConfig({ ...VARIABLES, RAW_FORWARD: value })).toThrow(
        "The environment variables are not right: RAW_FORWARD must be true or false.",
      );
    },
  );

  test.each(Object.keys(VARIABLES))("names %s when it is missing or empty", (name) => {
    const message = `The environment variables are not right: ${name} is missing.`;
    expect(() => readConfig({ ...VARIABLES, [name]: undefined })).toThrow(message);
    expect(() => readConfig({ ...VARIABLES, [name]: "" })).toThrow(message);
  });

  test("names the endpoint when it is not a valid URL", () => {
    const endpoint = { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "api.example/dev" };
    expect(() => readConfig({ ...VARIABLES, ...endpoint })).toThrow(
      "The environment variables are not right: AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI is not a valid URL.",
    );
  });

  test("names all that are missing at once, with the code INVALID_CONFIGURATION", () => {
    expect(() => readConfig({})).toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIGURATION",
        message: expect.stringContaining(
          "CONNECTIONS_TABLE is missing, AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI is missing, AWS_LAMBDA_FUNCTION_NAME is missing.",
        ),
      }),
    );
  });

  test("takes empty variables about tokens and origins for absent, as the template sends them", () => {
    const empty = {
      JWT_ISSUER: "",
      JWT_AUDIENCE: "",
      JWT_JWKS_URI: "",
      JWT_USER_CLAIM: "sub",
      JWT_CHANNELS_CLAIM: "",
      ALLOWED_ORIGINS: "",
    };
    expect(readConfig({ ...VARIABLES, ...empty })).toMatchObject({
      allowedOrigins: [],
      jwt: undefined,
    });
  });

  test("reads whose tokens are valid", () => {
    const jwt = { JWT_ISSUER: "https://id.example/", JWT_AUDIENCE: "relay" };
    expect(readConfig({ ...VARIABLES, ...jwt }).jwt).toEqual({
      issuer: "https://id.example/",
      audience: "relay",
      jwksUri: undefined,
      userClaim: "sub",
      channelsClaim: undefined,
    });
    const more = {
      JWT_JWKS_URI: "https://id.example/keys",
      JWT_USER_CLAIM: "email",
      JWT_CHANNELS_CLAIM: "rooms",
    };
    expect(readConfig({ ...VARIABLES, ...jwt, ...more }).jwt).toMatchObject({
      jwksUri: "https://id.example/keys",
      userClaim: "email",
      channelsClaim: "rooms",
    });
  });

  test.each([
    [{ JWT_ISSUER: "https://id.example" }, "JWT_AUDIENCE is missing"],
    [{ JWT_ISSUER: "id.example", JWT_AUDIENCE: "relay" }, "JWT_ISSUER is not a valid URL"],
    [
      { JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "relay", JWT_JWKS_URI: "keys" },
      "JWT_JWKS_URI is not a valid URL",
    ],
    [{ JWT_AUDIENCE: "relay" }, "JWT_AUDIENCE needs JWT_ISSUER"],
    [{ JWT_JWKS_URI: "https://id.example/keys" }, "JWT_JWKS_URI needs JWT_ISSUER"],
    [{ JWT_AUDIENCE: "sub" }, "JWT_AUDIENCE needs JWT_ISSUER"],
    [{ JWT_USER_CLAIM: "email" }, "JWT_USER_CLAIM needs JWT_ISSUER"],
    [{ JWT_CHANNELS_CLAIM: "rooms" }, "JWT_CHANNELS_CLAIM needs JWT_ISSUER"],
  ])(
    "rejects %j: an operator who sets one of them believes that tokens are checked",
    (more, problem) => {
      expect(() => readConfig({ ...VARIABLES, ...more })).toThrow(problem);
    },
  );

  test("reads the origins that may connect", () => {
    const origins = ["https://app.example", "http://localhost:8080", "capacitor://localhost"];
    expect(
      readConfig({ ...VARIABLES, ALLOWED_ORIGINS: origins.join(", ") }).allowedOrigins,
    ).toEqual(origins);
  });

  test.each([
    "*",
    "https://*.example",
    "https://app.example/",
    "app.example",
    "https://APP.example",
    "https://user@app.example",
    "https://app.example?x",
    "https://app.example:443",
    "http://localhost:80",
    "https://app.example:",
    "https://app.example:99999",
    "https://bücher.example",
    "null",
  ])("rejects the origin %s, which no browser sends", (origin) => {
    expect(() =>
      readConfig({ ...VARIABLES, ALLOWED_ORIGINS: `https://app.example,${origin}` }),
    ).toThrow(`ALLOWED_ORIGINS has "${origin}", which is not a valid origin`);
  });
});
