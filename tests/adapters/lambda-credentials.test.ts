import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { defaultProvider } from "../../src/adapters/lambda-credentials.ts";

const { env } = process;
const NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

describe("the credentials of the function", () => {
  const before = NAMES.map((name) => [name, env[name]] as const);

  function set(...values: readonly (string | undefined)[]): void {
    for (const [index, name] of NAMES.entries()) {
      const value = values[index];
      if (value === undefined) {
        delete env[name];
      } else {
        env[name] = value;
      }
    }
  }

  afterEach(() => set(...before.map(([, value]) => value)));

  test("are Lambda's own, and the SDK's clients take them", async () => {
    set("AKIDEXAMPLE", "secret", "token");
    const client = new DynamoDBClient({
      region: "us-east-1",
      credentialDefaultProvider: defaultProvider,
    });
    await expect(client.config.credentials()).resolves.toMatchObject({
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "secret",
      sessionToken: "token",
    });
    client.destroy();
  });

  test("need no session token", async () => {
    set("local", "local");
    await expect(defaultProvider()()).resolves.toEqual({
      accessKeyId: "local",
      secretAccessKey: "local",
    });
  });

  test.each([
    ["no access key id", undefined, "secret"],
    ["no secret access key", "AKIDEXAMPLE", undefined],
    ["an empty access key id", "", "secret"],
  ])("are rejected with their names when there is %s", async (_, id, secret) => {
    set(id, secret, "token");
    await expect(defaultProvider()()).rejects.toMatchObject({
      code: "NO_CREDENTIALS",
      message: expect.stringContaining("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set"),
    });
  });
});
