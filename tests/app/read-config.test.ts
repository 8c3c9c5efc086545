import { readConfig } from "../../src/app/read-config.ts";

const VARIABLES = {
  CONNECTIONS_TABLE: "connections",
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "https://api.example/dev",
};

describe("readConfig", () => {
  test("reads every variable", () => {
    expect(readConfig(VARIABLES)).toEqual({
      connectionsTable: "connections",
      managementEndpoint: "https://api.example/dev",
    });
  });

  test.each(Object.keys(VARIABLES))("names %s when it is missing or empty", (name) => {
    const message = `The environment variables are not right: ${name} is missing.`;
    expect(() => readConfig({ ...VARIABLES, [name]: undefined })).toThrow(message);
    expect(() => readConfig({ ...VARIABLES, [name]: "" })).toThrow(message);
  });

  test("names the endpoint when it is no URL", () => {
    const endpoint = { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "api.example/dev" };
    expect(() => readConfig({ ...VARIABLES, ...endpoint })).toThrow(
      "The environment variables are not right: AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI is no URL.",
    );
  });

  test("names all that are missing at once", () => {
    expect(() => readConfig({})).toThrow(
      "CONNECTIONS_TABLE is missing, AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI is missing.",
    );
  });
});
