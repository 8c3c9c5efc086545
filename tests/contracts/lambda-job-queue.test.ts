import { LambdaJobQueue } from "../../src/adapters/lambda-job-queue.ts";
import type { Slice } from "../../src/domain/fan-out/ports.ts";
import { startLambdaApi } from "../local-gateway/lambda-api/start-lambda-api.ts";
import { jobQueueContract, LATER, SLICE } from "./job-queue-contract.ts";

let lambda: Awaited<ReturnType<typeof startLambdaApi>>;

beforeEach(async () => {
  // It never returns: nobody waits for it.
  lambda = await startLambdaApi({ answer: () => new Promise(() => {}) });
});

afterEach(() => lambda[Symbol.asyncDispose]());

function queueFor(functionName: string): LambdaJobQueue {
  return new LambdaJobQueue(functionName, {
    endpoint: lambda.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}

jobQueueContract("LambdaJobQueue", async () => ({
  queue: queueFor("local-Fn"),
  next: async () => {
    const { event } = await lambda.invocations.take();
    return (event as { readonly fanOut: unknown }).fanOut;
  },
}));

test("LambdaJobQueue takes the largest slice that there can be", async () => {
  // The longest text there is, of what JSON writes twice as long, and the longest ids.
  const text = '"'.repeat(131_072);
  const ids = Array.from({ length: 500 }, (_, index) => String(index).padStart(128, "x"));
  const slice: Slice = { ...SLICE, message: { ...SLICE.message, text }, ids };
  await queueFor("local-Fn").add(slice, LATER);
  expect((await lambda.invocations.take()).event).toEqual({ fanOut: slice });
});

test("LambdaJobQueue rejects when there is no such function, and when there is no time", async () => {
  await expect(queueFor("other").add(SLICE, LATER)).rejects.toThrow("Function not found");
  await expect(queueFor("local-Fn").add(SLICE, Date.now() - 1)).rejects.toThrow();
});
