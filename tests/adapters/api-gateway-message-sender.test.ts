import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { type Answer, startAnsweringServer } from "../support/start-answering-server.ts";

const OK: Answer = { status: 200 };
const THROTTLED: Answer = { status: 429, errorType: "LimitExceededException" };
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

let api: Awaited<ReturnType<typeof startAnsweringServer>> | undefined;

afterEach(() => api?.close());

async function senderThatMeets(...answers: [Answer, ...Answer[]]) {
  api = await startAnsweringServer(...answers);
  const { endpoint, posts } = api;
  const sender = new ApiGatewayMessageSender({ endpoint, region: "us-east-1", credentials });
  return { sender, posts };
}

describe("ApiGatewayMessageSender", () => {
  test("posts the exact text to the connection below the stage, signed for execute-api", async () => {
    const { sender, posts } = await senderThatMeets(OK);
    expect(await sender.send("C51DherHNjMCI3Q=", 'Grüße "😀"\n')).toBe("delivered");
    expect(posts).toEqual([
      {
        path: "/dev/@connections/C51DherHNjMCI3Q%3D",
        text: 'Grüße "😀"\n',
        authorization: expect.stringMatching(/\/us-east-1\/execute-api\/aws4_request/),
      },
    ]);
  });

  test.each([
    [400, "BadRequestException", "refused"],
    [410, "GoneException", "gone"],
    [413, "PayloadTooLargeException", "tooLarge"],
  ] as const)(
    "takes %i %s for an outcome and does not try again",
    async (status, errorType, outcome) => {
      const { sender, posts } = await senderThatMeets({ status, errorType });
      expect(await sender.send("alice=", "hi")).toBe(outcome);
      expect(posts).toHaveLength(1);
    },
  );

  test("takes 410 for gone even when AWS does not name the error", async () => {
    const { sender } = await senderThatMeets({ status: 410 });
    expect(await sender.send("alice=", "hi")).toBe("gone");
  });

  test("tries again after 429", async () => {
    const { sender, posts } = await senderThatMeets(THROTTLED, THROTTLED, OK);
    expect(await sender.send("alice=", "hi")).toBe("delivered");
    expect(posts.map(({ text }) => text)).toEqual(["hi", "hi", "hi"]);
  });

  test("gives up after three times 429", async () => {
    const { sender, posts } = await senderThatMeets(THROTTLED);
    expect(await sender.send("alice=", "hi")).toBe("throttled");
    expect(posts).toHaveLength(3);
  });

  test.each([
    [403, "ForbiddenException"],
    [500, "InternalServerErrorException"],
    [503, "ServiceUnavailableException"],
  ])("rejects on %i %s, and does not try again", async (status, errorType) => {
    const { sender, posts } = await senderThatMeets({ status, errorType });
    await expect(sender.send("alice=", "hi")).rejects.toMatchObject({ name: errorType });
    expect(posts).toHaveLength(1);
  });

  test("cuts a post that is never answered, and does not send it again", async () => {
    const { sender, posts } = await senderThatMeets("silence");
    await expect(sender.send("alice=", "hi")).rejects.toMatchObject({ name: "TimeoutError" });
    expect(posts).toHaveLength(1);
  });

  test("rejects when nobody listens", async () => {
    const { sender } = await senderThatMeets(OK);
    await api?.close();
    api = undefined;
    await expect(sender.send("alice=", "hi")).rejects.toThrow("ECONNREFUSED");
  });
});
