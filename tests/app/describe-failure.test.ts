import { describeFailure } from "../../src/app/log.ts";

describe("describeFailure", () => {
  test("logs an error's name, message, place and cause", () => {
    const cause = new TypeError("The reason.");
    const described = describeFailure(new Error("What happened.", { cause }));
    expect(described).toMatchObject({
      name: "Error",
      message: "What happened.",
      stack: expect.stringContaining("describe-failure.test.ts"),
      cause: { name: "TypeError", message: "The reason." },
    });
  });

  test("logs the code of a Node error and the request id of an AWS error", () => {
    const rejected = Object.assign(new Error("No."), { code: "ECONNREFUSED" });
    expect(describeFailure(rejected)).toMatchObject({ code: "ECONNREFUSED" });
    const denied = Object.assign(new Error("No."), { $metadata: { requestId: "r-1" } });
    expect(describeFailure(denied)).toMatchObject({ awsRequestId: "r-1" });
  });

  test("logs only the type of anything that is not an error: it could be a message", () => {
    expect(describeFailure("a secret")).toEqual({ name: "string" });
    expect(describeFailure({ message: "a secret" })).toEqual({ name: "object" });
    expect(describeFailure(undefined)).toEqual({ name: "undefined" });
  });

  test("comes to an end when causes run in a circle", () => {
    const failure = new Error("Round and round.");
    failure.cause = failure;
    expect(JSON.stringify(describeFailure(failure)).match(/Round and round\."/g)).toHaveLength(6);
  });
});
