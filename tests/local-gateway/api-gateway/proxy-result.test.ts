import fc from "fast-check";
import { proxyResult } from "../../../local-gateway/api-gateway/integration.ts";

test.each([
  [{ statusCode: 200 }, { statusCode: 200, headers: [] }],
  [
    { statusCode: 200, body: "x", isBase64Encoded: false },
    { statusCode: 200, headers: [], body: "x" },
  ],
  [
    { statusCode: 401, headers: null, multiValueHeaders: null, body: null, isBase64Encoded: null },
    { statusCode: 401, headers: [] },
  ],
  [
    { statusCode: 200, headers: { A: "1", B: 2, C: true }, multiValueHeaders: { D: ["3", 4] } },
    {
      statusCode: 200,
      headers: [
        ["A", ["1"]],
        ["B", ["2"]],
        ["C", ["true"]],
        ["D", ["3", "4"]],
      ],
    },
  ],
])("%j is a proxy result", (payload, result) => {
  expect(proxyResult(payload)).toEqual(result);
});

test.each([
  [null, "the result is not an object with a statusCode"],
  ["ok", "the result is not an object with a statusCode"],
  [[{ statusCode: 200 }], "the result is not an object with a statusCode"],
  [{}, "statusCode is not a whole number from 100 to 599"],
  [{ statusCode: "200" }, "statusCode is not a whole number from 100 to 599"],
  [{ statusCode: 200.5 }, "statusCode is not a whole number from 100 to 599"],
  [{ statusCode: 600 }, "statusCode is not a whole number from 100 to 599"],
  [{ statusCode: 200, body: {} }, "body is not a string"],
  [{ statusCode: 200, isBase64Encoded: "false" }, "isBase64Encoded is neither true nor false"],
  [{ statusCode: 200, headers: [] }, "headers is not an object of strings"],
  [{ statusCode: 200, headers: { A: [] } }, "headers is not an object of strings"],
  [
    { statusCode: 200, multiValueHeaders: { A: "1" } },
    "multiValueHeaders is not an object of lists of strings",
  ],
  [{ statusCode: 200, message: "hi" }, 'the result has the unknown member "message"'],
])("%j is malformed", (payload, problem) => {
  expect(proxyResult(payload)).toBe(problem);
});

test("any payload is read or named malformed", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (payload) => {
      const result = proxyResult(payload);
      expect(typeof result === "string" || result.statusCode >= 100).toBe(true);
    }),
  );
});
