import { readConfig } from "../../src/app/read-config.ts";

const VARIABLES = {
  AWS_REGION: "eu-west-1",
  CONNECTIONS_TABLE: "connections",
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "https://api.example/dev",
  AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.example",
};

describe("readConfig", () => {
  test("reads every variable", () => {
    expect(readConfig(VARIABLES)).toEqual({
      region: "eu-west-1",
      connectionsTable: "connections",
      managementEndpoint: "https://api.example/dev",
      dynamoDbEndpoint: "https://dynamodb.example",
    });
  });

  test.each(Object.keys(VARIABLES))("names %s when it is missing or empty", (name) => {
    const message = `Missing environment variables: ${name}.`;
    expect(() => readConfig({ ...VARIABLES, [name]: undefined })).toThrow(message);
    expect(() => readConfig({ ...VARIABLES, [name]: "" })).toThrow(message);
  });

  test("names all that are missing at once", () => {
    expect(() => readConfig({})).toThrow(
      `Missing environment variables: ${Object.keys(VARIABLES).join(", ")}.`,
    );
  });
});
