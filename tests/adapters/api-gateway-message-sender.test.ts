import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { type Answer, startAnsweringServer } from "../support/start-answering-server.ts";

const OK: Answer = { status: 200 };
const THROTTLED: Answer = { status: 429, errorType: "LimitExceededException" };
/** More time than any send takes. */
const LATER = Date.now() + 3_600_000;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** A sender whose posts meet `answers`, and which notes how long it would have waited between them. */
async function senderThatMeets(...answers: [Answer, ...Answer[]]) {
  const api = await startAnsweringServer(...answers);
  const waits: number[] = [];
  const sender = new ApiGatewayMessageSender(
    { endpoint: api.endpoint, region: "us-east-1", credentials },
    async (milliseconds) => waits.push(milliseconds),
  );
  return { ...api, sender, waits };
}

describe("ApiGatewayMessageSender", () => {
  test("posts the exact text to the connection below the stage, signed for execute-api", async () => {
    await using met = await senderThatMeets(OK);
    expect(await met.sender.send("C51DherHNjMCI3Q=", 'Grüße "😀"\n', LATER)).toBe("delivered");
    expect(met.posts).toEqual([
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
      await using met = await senderThatMeets({ status, errorType });
      expect(await met.sender.send("alice=", "hi", LATER)).toBe(outcome);
      expect(met.posts).toHaveLength(1);
    },
  );

  test("takes 410 for gone even when AWS does not name the error", async () => {
    await using met = await senderThatMeets({ status: 410 });
    expect(await met.sender.send("alice=", "hi", LATER)).toBe("gone");
  });

  test("tries again after 429", async () => {
    await using met = await senderThatMeets(THROTTLED, THROTTLED, OK);
    expect(await met.sender.send("alice=", "hi", LATER)).toBe("delivered");
    expect(met.posts.map(({ text }) => text)).toEqual(["hi", "hi", "hi"]);
  });

  test("gives up after six times 429, with a longer wait before each further try", async () => {
    const runs: number[][] = [];
    for (let run = 0; run < 20; run += 1) {
      await using met = await senderThatMeets(THROTTLED);
      expect(await met.sender.send("alice=", "hi", LATER)).toBe("throttled");
      expect(met.posts).toHaveLength(6);
      runs.push(met.waits);
    }
    const longest = [0, 1, 2, 3, 4].map((retry) =>
      Math.max(...runs.map((waits) => waits[retry] ?? 0)),
    );
    for (const [retry, bound] of [200, 400, 800, 1600, 3200].entries()) {
      expect(longest[retry]).toBeLessThanOrEqual(bound);
    }
    // Drawn anew each time, so that senders who were throttled together do not come back together.
    expect(new Set(runs.flat()).size).toBe(100);
  });

  test("gives up after 429 when there is no time for another try", async () => {
    // Enough for the posts on a busy machine, and in every second run too little for the waits that chance draws.
    const time = 1500;
    const posts: number[] = [];
    for (let run = 0; run < 20; run += 1) {
      await using met = await senderThatMeets(THROTTLED);
      expect(await met.sender.send("alice=", "hi", Date.now() + time)).toBe("throttled");
      posts.push(met.posts.length);
      expect(met.waits.every((wait) => wait < time)).toBe(true);
    }
    expect(Math.min(...posts)).toBeLessThan(6);
  });

  test("cuts a post when its time is over, long before a try would end by itself", async () => {
    await using met = await senderThatMeets("silence");
    const send = met.sender.send("alice=", "hi", Date.now() + 20);
    await expect(send).rejects.toMatchObject({ name: "AbortError" });
  });

  test("sends nothing when there is no time left", async () => {
    await using met = await senderThatMeets(OK);
    for (const late of [0, 1, 1000]) {
      const send = met.sender.send("alice=", "hi", Date.now() - late);
      await expect(send).rejects.toMatchObject({ name: "AbortError" });
    }
    // What had gone out before would have arrived before this.
    await met.sender.send("alice=", "now", LATER);
    expect(met.posts.map(({ text }) => text)).toEqual(["now"]);
  });

  test("waits by the clock unless it is told otherwise", async () => {
    await using api = await startAnsweringServer(THROTTLED, OK);
    const { endpoint } = api;
    const sender = new ApiGatewayMessageSender({ endpoint, region: "us-east-1", credentials });
    expect(await sender.send("alice=", "hi", LATER)).toBe("delivered");
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

  test.each<[string, Answer]>([
    ["is never answered", "silence"],
    ["is accepted with an answer that never ends", { status: 200, endless: true }],
    ["is refused with an answer that never ends", { status: 410, endless: true }],
  ])("cuts a post that %s, and does not send it again", async (_, answer) => {
    await using met = await senderThatMeets(answer);
    await expect(met.sender.send("alice=", "hi", LATER)).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(met.posts).toHaveLength(1);
  });

  test("rejects when nobody listens", async () => {
    const { sender, ...api } = await senderThatMeets(OK);
    await api[Symbol.asyncDispose]();
    await expect(sender.send("alice=", "hi", LATER)).rejects.toThrow("ECONNREFUSED");
  });
});
