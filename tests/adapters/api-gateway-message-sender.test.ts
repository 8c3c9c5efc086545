import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { type Answer, startAnsweringServer } from "../support/start-answering-server.ts";

const OK: Answer = { status: 200 };
/** More time than any send takes. */
const LATER = Date.now() + 3_600_000;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** A sender whose calls meet `answers`. */
async function senderThatMeets(...answers: [Answer, ...Answer[]]) {
  const api = await startAnsweringServer(...answers);
  const { endpoint } = api;
  return {
    ...api,
    sender: new ApiGatewayMessageSender({ endpoint, region: "us-east-1", credentials }),
  };
}

describe("ApiGatewayMessageSender", () => {
  test("posts the exact text to the connection below the stage, signed for execute-api", async () => {
    await using met = await senderThatMeets(OK);
    expect(await met.sender.send("C51DherHNjMCI3Q=", 'Grüße "😀"\n', LATER)).toBe("delivered");
    expect(met.posts).toEqual([
      {
        method: "POST",
        path: "/dev/@connections/C51DherHNjMCI3Q%3D",
        text: 'Grüße "😀"\n',
        authorization: expect.stringMatching(/\/us-east-1\/execute-api\/aws4_request/),
      },
    ]);
  });

  test("asks for the connection at the same path, signed for execute-api", async () => {
    await using met = await senderThatMeets(OK);
    expect(await met.sender.probe("C51DherHNjMCI3Q=", LATER)).toBe("alive");
    expect(met.posts).toEqual([
      {
        method: "GET",
        path: "/dev/@connections/C51DherHNjMCI3Q%3D",
        text: "",
        authorization: expect.stringMatching(/\/us-east-1\/execute-api\/aws4_request/),
      },
    ]);
  });

  describe.each([
    ["empty", {}],
    ["AWS's own", { errorType: "LimitExceededException", body: '{"message":"Rate exceeded"}' }],
    ["HTML", { body: "<html><body>Service Unavailable</body></html>" }],
    ["half of JSON", { body: '{"message":' }],
    ["JSON's null", { body: "null" }],
    ["JSON with other members", { body: '{"code":null,"connectedAt":"yesterday","identity":1}' }],
    ["cut off", { cut: true }],
  ])("whatever the body of an answer, here %s,", (_, body) => {
    test.each([
      [200, "delivered"],
      [400, "rejected"],
      [410, "gone"],
      [413, "tooLarge"],
      [429, "throttled"],
    ] as const)(
      "takes %i to a post for an outcome, and does not try again",
      async (status, outcome) => {
        await using met = await senderThatMeets({ status, ...body });
        expect(await met.sender.send("alice=", "hi", LATER)).toBe(outcome);
        expect(met.posts).toHaveLength(1);
      },
    );

    test.each([
      [200, "alive"],
      [410, "gone"],
      [429, "throttled"],
    ] as const)("takes %i to a question for an outcome", async (status, outcome) => {
      await using met = await senderThatMeets({ status, ...body });
      expect(await met.sender.probe("alice=", LATER)).toBe(outcome);
      expect(met.posts).toHaveLength(1);
    });

    test.each([
      [200, "closed"],
      [410, "gone"],
      [429, "throttled"],
    ])("a %i to closing is the outcome %s, and is not tried again", async (status, outcome) => {
      await using met = await senderThatMeets({ status, ...body });
      expect(await met.sender.close("alice=", LATER)).toBe(outcome);
      expect(met.posts).toMatchObject([{ method: "DELETE", path: "/dev/@connections/alice%3D" }]);
    });

    test.each([400, 413])("rejects on %i to a question, with a code", async (status) => {
      await using met = await senderThatMeets({ status, ...body });
      await expect(met.sender.close("alice=", LATER)).rejects.toMatchObject({
        code: "UNEXPECTED_STATUS",
      });
      await expect(met.sender.probe("alice=", LATER)).rejects.toMatchObject({
        code: "UNEXPECTED_STATUS",
      });
    });

    test.each([301, 403, 404, 500, 503])(
      "rejects on %i, and does not try again",
      async (status) => {
        await using met = await senderThatMeets({ status, ...body });
        await expect(met.sender.send("alice=", "hi", LATER)).rejects.toThrow();
        await expect(met.sender.probe("alice=", LATER)).rejects.toThrow();
        await expect(met.sender.close("alice=", LATER)).rejects.toThrow();
        expect(met.posts).toHaveLength(3);
      },
    );
  });

  test("cuts a post when its time is over, long before a try would end by itself", async () => {
    await using met = await senderThatMeets("silence");
    const send = met.sender.send("alice=", "hi", Date.now() + 20);
    await expect(send).rejects.toMatchObject({ name: "AbortError" });
  });

  test("sends nothing when there is no time left", async () => {
    await using met = await senderThatMeets(OK);
    for (const ago of [0, 1, 1000]) {
      const send = met.sender.send("alice=", "hi", Date.now() - ago);
      await expect(send).rejects.toMatchObject({ name: "AbortError" });
    }
    // What had gone out before would have arrived before this.
    await met.sender.send("alice=", "now", LATER);
    expect(met.posts.map(({ text }) => text)).toEqual(["now"]);
  });

  test.each([
    [403, "ForbiddenException"],
    [500, "InternalServerErrorException"],
    [503, "ServiceUnavailableException"],
  ])("rejects on %i %s, and does not try again", async (status, errorType) => {
    await using met = await senderThatMeets({ status, errorType });
    await expect(met.sender.send("alice=", "hi", LATER)).rejects.toMatchObject({ name: errorType });
    expect(met.posts).toHaveLength(1);
  });

  test("cuts a post that is never answered, and does not send it again", async () => {
    await using met = await senderThatMeets("silence");
    await expect(met.sender.send("alice=", "hi", LATER)).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(met.posts).toHaveLength(1);
  });

  test.each([
    [200, "delivered"],
    [410, "gone"],
  ])("cuts an answer that never ends, and goes by its status: %i", async (status, outcome) => {
    await using met = await senderThatMeets({ status, endless: true });
    expect(await met.sender.send("alice=", "hi", LATER)).toBe(outcome);
    expect(met.posts).toHaveLength(1);
  });

  test("rejects when nobody listens", async () => {
    const { sender, ...api } = await senderThatMeets(OK);
    await api[Symbol.asyncDispose]();
    await expect(sender.send("alice=", "hi", LATER)).rejects.toThrow("ECONNREFUSED");
  });

  test("sends nothing twice whose fate is unknown, and uses a new socket next", async () => {
    await using met = await senderThatMeets(OK);
    await met.sender.send("alice=", "first", LATER);
    met.killSockets();
    await expect(met.sender.send("alice=", "lost", LATER)).rejects.toThrow();
    await met.sender.send("alice=", "last", LATER);
    expect(met.posts.map(({ text }) => text)).toEqual(["first", "last"]);
  });
});
