import fc from "fast-check";
import { returns } from "../support/returns.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

/** A client of a two-way route whose function returns what it is given. */
async function startReturning() {
  let result: unknown;
  const gateway = await startGateway({
    routes: { $default: { twoWay: true } },
    answer: () => returns(result),
  });
  const client = await wsConnect(gateway.url);
  await gateway.observations.take();
  return {
    /** What the client receives, and what the console learns, when the function returns `payload`. */
    async answerTo(payload: unknown) {
      result = payload;
      client.send("ask");
      const text = await client.messages.take();
      const observation = await gateway.observations.take();
      if (observation.kind === "message" && observation.error === undefined) {
        await gateway.observations.take();
      }
      return { text, problem: "problem" in observation ? observation.problem : undefined };
    },
    [Symbol.asyncDispose]: () => gateway.gateway.close(),
  };
}

test.each([
  [{ statusCode: 200 }, ""],
  [{ statusCode: 200, body: "x", isBase64Encoded: false }, "x"],
  [
    { statusCode: 401, headers: null, multiValueHeaders: null, body: null, isBase64Encoded: null },
    "",
  ],
  [{ statusCode: 200, headers: { A: "1", B: 2, C: true }, multiValueHeaders: { D: ["3", 4] } }, ""],
])("%j is a proxy result", async (payload, text) => {
  await using returning = await startReturning();
  expect(await returning.answerTo(payload)).toEqual({ text, problem: undefined });
});

test.each([
  ["headers", { "sec-websocket-protocol": 12 }],
  ["multiValueHeaders", { "sec-websocket-protocol": [12, "13"] }],
])("a header value in %s may be a number", async (member, headers) => {
  await using gateway = await startGateway({
    answer: () => returns({ statusCode: 200, [member]: headers }),
  });
  const { webSocket } = await wsConnect(gateway.url, { protocols: ["12", "13"] });
  expect(webSocket.protocol).toBe("12");
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
])("%j is malformed", async (payload, problem) => {
  await using returning = await startReturning();
  expect(await returning.answerTo(payload)).toEqual({
    text: expect.stringMatching(/^{"message": "Internal server error", /),
    problem: `malformed proxy result: ${problem}`,
  });
});

test("any payload is answered, or named malformed", async () => {
  await using returning = await startReturning();
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (payload) => {
      const { text, problem } = await returning.answerTo(payload);
      const isError = text.startsWith('{"message": "Internal server error"');
      expect(isError).toBe(problem?.startsWith("malformed proxy result: ") ?? false);
    }),
  );
});
