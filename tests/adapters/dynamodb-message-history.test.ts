import { DynamoDbMessageHistory } from "../../src/adapters/dynamodb-message-history.ts";
import type { MessageHistory } from "../../src/domain/ports.ts";
import { type Answer, startAnsweringServer } from "../support/start-answering-server.ts";

const PLACE = { channel: "lobby", epoch: "k3x9" };
/** More time than any call takes. */
const LATER = Date.now() + 3_600_000;
const ENTRY = {
  sequence: 1,
  message: { messageId: "m1=", text: "{}" },
  takenAt: 1795341600123,
  previousAt: undefined,
  expiresAt: 1795349400999,
};

const failure = (errorType: string, status = 400): Answer => ({ status, errorType, body: "{}" });
const BROKEN = failure("InternalServerError", 500);
const OCCUPIED = failure("ConditionalCheckFailedException");
const DONE: Answer = { status: 200, body: "{}" };

const CALLS: Record<string, (history: MessageHistory) => Promise<unknown>> = {
  takeNumber: (history) => history.takeNumber("lobby", { takenAt: 1, expiresAt: 2000 }, LATER),
  store: (history) => history.store(PLACE, ENTRY, LATER),
  positions: (history) => history.positions(["lobby"], LATER),
  read: (history) => history.read(PLACE, { from: 0, to: 9, limit: 9 }, LATER),
};

/** A history on a server that gives these answers, and the calls that the server gets. */
async function start(...answers: readonly [Answer, ...Answer[]]) {
  const server = await startAnsweringServer(...answers);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const { endpoint, posts } = server;
  const config = { endpoint, credentials, region: "us-east-1" };
  return {
    history: new DynamoDbMessageHistory("t", config),
    posts,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe("DynamoDbMessageHistory", () => {
  test.each(
    Object.keys(CALLS).flatMap((name) =>
      ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"].map(
        (type) => [name, type] as const,
      ),
    ),
  )("rejects %s with HISTORY_THROTTLED after a %s, and asks no second time", async (name, type) => {
    await using server = await start(failure(type));
    const call = CALLS[name]?.(server.history);
    await expect(call).rejects.toMatchObject({ code: "HISTORY_THROTTLED", cause: { name: type } });
    expect(server.posts).toHaveLength(1);
  });

  test.each(["store", "positions", "read"])("asks once more when %s has failed", async (name) => {
    await using server = await start(BROKEN, DONE);
    await expect(CALLS[name]?.(server.history)).resolves.toBeDefined();
    expect(server.posts).toHaveLength(2);
  });

  test.each(["store", "positions", "read"])(
    "does not say that a throttled second try of %s did nothing: the first may have",
    async (name) => {
      await using server = await start(BROKEN, failure("ThrottlingException"));
      const call = CALLS[name]?.(server.history);
      await expect(call).rejects.toMatchObject({ name: "ThrottlingException" });
      await expect(call).rejects.not.toHaveProperty("code", "HISTORY_THROTTLED");
      expect(server.posts).toHaveLength(2);
    },
  );

  test("takes a number once, whatever becomes of the call: another would leave a hole", async () => {
    await using server = await start(BROKEN, DONE);
    await expect(CALLS.takeNumber?.(server.history)).rejects.toMatchObject({
      name: "InternalServerError",
    });
    expect(server.posts).toHaveLength(1);
  });

  test("asks no second time for what DynamoDB does not accept", async () => {
    await using server = await start(failure("AccessDeniedException"));
    await expect(CALLS.read?.(server.history)).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    expect(server.posts).toHaveLength(1);
  });

  test("reads what is at an occupied number, also when its own first try has put it there", async () => {
    const item = { messageId: { S: "m1=" }, text: { S: "{}" }, expiresAt: { N: "1795349400" } };
    const found: Answer = { status: 200, body: JSON.stringify({ Item: item }) };
    await using server = await start(BROKEN, OCCUPIED, found);
    expect(await CALLS.store?.(server.history)).toEqual({
      kind: "occupied",
      message: { messageId: "m1=", text: "{}" },
    });
    expect(server.posts.map(({ text }) => JSON.parse(text))).toMatchObject([
      { ConditionExpression: "attribute_not_exists(#sequence)" },
      { ConditionExpression: "attribute_not_exists(#sequence)" },
      { Key: { list: { S: "messages#lobby#k3x9" }, sequence: { N: "1" } }, ConsistentRead: true },
    ]);
  });

  test("writes when an entry and a channel's position expire in whole seconds, for the time to live", async () => {
    await using server = await start(DONE);
    await CALLS.store?.(server.history);
    await CALLS.takeNumber?.(server.history);
    expect(server.posts.map(({ text }) => JSON.parse(text))).toMatchObject([
      { Item: { expiresAt: { N: "1795349400" }, takenAt: { N: "1795341600123" } } },
      { ExpressionAttributeValues: { ":expiresAt": { N: "2" } } },
    ]);
  });

  test("rejects positions of which a batch leaves some unread", async () => {
    const Keys = [{ list: { S: "position#lobby" }, sequence: { N: "0" } }];
    const body = JSON.stringify({ Responses: {}, UnprocessedKeys: { t: { Keys } } });
    await using server = await start({ status: 200, body });
    await expect(CALLS.positions?.(server.history)).rejects.toMatchObject({
      code: "HISTORY_THROTTLED",
    });
    expect(server.posts).toHaveLength(1);
  });

  test("ends a call that is never answered, after a second try", async () => {
    await using server = await start("silence");
    await expect(CALLS.store?.(server.history)).rejects.toThrow();
    expect(server.posts).toHaveLength(2);
  });
});
