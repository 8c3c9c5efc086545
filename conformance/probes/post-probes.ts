import assert from "node:assert/strict";
import type { Probe } from "../probe.ts";
import type { ProbeContext } from "../probe-context.ts";

const KB = 1024;
const MESSAGE_SIZE = 128 * KB;

/** Posts to a connection. */
export const POST_PROBES: readonly Probe[] = [
  {
    id: "post",
    confidence: "recorded",
    async run(context) {
      const { client, connectionId } = await open(context);
      const { status, headers, body } = await context.manage("POST", connectionId, '{"a": "ä"}');
      assert.equal(await client.receive(), '{"a": "ä"}');
      assert.deepEqual(
        { status, body, length: headers["content-length"] },
        { status: 200, body: "", length: "0" },
      );
    },
  },
  {
    id: "answer-headers",
    confidence: "recorded",
    async run(context) {
      const { connectionId } = await open(context);
      const { headers } = await context.manage("POST", connectionId, "hello");
      assert.equal(headers["content-type"], "application/json");
      assert.match(String(headers["x-amzn-requestid"]), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      assert.match(String(headers["x-amz-apigw-id"]), /^[\w-]{15}=$/);
      assert.match(String(headers["x-amzn-trace-id"]), /^Root=1-[\da-f]{8}-[\da-f]{24}/);
    },
  },
  {
    id: "post-is-text",
    confidence: "documented",
    async run(context) {
      const { client, connectionId } = await open(context);
      await context.manage("POST", connectionId, Buffer.from("bytes"));
      assert.deepEqual(await client.receiveMessage(), { text: "bytes", binary: false });
    },
  },
  {
    id: "post-content-type",
    confidence: "recorded",
    async run(context) {
      const { client, connectionId } = await open(context);
      for (const type of ["application/octet-stream", "application/json", "text/nonsense"]) {
        await context.manage("POST", connectionId, `as ${type}`, { "content-type": type });
        assert.equal(await client.receive(), `as ${type}`);
      }
    },
  },
  {
    id: "empty-post",
    confidence: "our default",
    async run(context) {
      const { client, connectionId } = await open(context);
      const { status } = await context.manage("POST", connectionId, "");
      assert.equal(status, 200);
      assert.equal(await client.receive(), "");
    },
  },
  {
    id: "post-that-is-not-utf-8",
    confidence: "our default",
    async run(context) {
      const { client, connectionId } = await open(context);
      await context.manage("POST", connectionId, Buffer.from([0x61, 0xff, 0x62]));
      assert.equal(await client.receive(), "a\ufffdb");
    },
  },
  {
    id: "posts-keep-order",
    confidence: "our default",
    async run(context) {
      const { client, connectionId } = await open(context);
      for (let count = 0; count < 20; count += 1) {
        await context.manage("POST", connectionId, String(count));
      }
      for (let count = 0; count < 20; count += 1) {
        assert.equal(await client.receive(), String(count));
      }
    },
  },
  {
    id: "post-of-128-kb",
    confidence: "documented",
    async run(context) {
      const { client, connectionId } = await open(context);
      const { status } = await context.manage("POST", connectionId, "x".repeat(MESSAGE_SIZE));
      assert.equal(status, 200);
      const { length } = await client.receive();
      assert.equal(length, MESSAGE_SIZE);
    },
  },
  {
    id: "post-over-128-kb",
    confidence: "documented",
    async run(context) {
      const { connectionId } = await open(context);
      const answer = await context.manage("POST", connectionId, "x".repeat(MESSAGE_SIZE + 1));
      assert.deepEqual(
        { status: answer.status, error: answer.headers["x-amzn-errortype"] },
        { status: 413, error: "PayloadTooLargeException" },
      );
      assert.deepEqual(Object.keys(JSON.parse(answer.body)), ["message"]);
    },
  },
  {
    id: "post-in-frames-of-32-kb",
    confidence: "our default",
    async run(context) {
      const connection = await context.connectRaw();
      connection.send({ payload: Buffer.from("who am I?") });
      const { payload } = await connection.receive();
      const { requestContext } = JSON.parse(payload.toString());
      await context.manage("POST", requestContext.connectionId, "x".repeat(70 * KB));
      const sizes = [];
      for (let fin = false; !fin; ) {
        const frame = await connection.receive();
        sizes.push(frame.payload.length);
        ({ fin } = frame);
      }
      assert.deepEqual(sizes, [32 * KB, 32 * KB, 6 * KB]);
    },
  },
  {
    id: "client-that-does-not-read",
    confidence: "documented",
    localOnly: "how much AWS buffers is not known",
    async run(context) {
      const connection = await context.connectRaw();
      connection.send({ payload: Buffer.from("who am I?") });
      const { payload } = await connection.receive();
      const { requestContext } = JSON.parse(payload.toString());
      connection.pause();
      const text = "x".repeat(MESSAGE_SIZE);
      let answer = await context.manage("POST", requestContext.connectionId, text);
      for (let posts = 1; answer.status === 200 && posts < 400; posts += 1) {
        answer = await context.manage("POST", requestContext.connectionId, text);
      }
      assert.deepEqual(
        { status: answer.status, error: answer.headers["x-amzn-errortype"] },
        { status: 429, error: "LimitExceededException" },
      );
    },
  },
];

async function open(context: ProbeContext) {
  const client = await context.connect();
  return { client, connectionId: await context.connectionIdOf(client) };
}
