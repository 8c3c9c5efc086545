import { ApiGatewayMessageSender } from "../../src/adapters/api-gateway-message-sender.ts";
import { DynamoDbConnectionStore } from "../../src/adapters/dynamodb-connection-store.ts";
import { type Answer, startAnsweringServer } from "../support/start-answering-server.ts";

const OK: Answer = { status: 200, body: "{}" };
const LATER = Date.now() + 3_600_000;
const region = "us-east-1";
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
/** A pause after which an environment may have been frozen, and one in which nothing is closed, in milliseconds. */
const [LONG, SHORT] = [3001, 2000];

/** What calls a service, and makes its calls on sockets that it keeps. */
const CALLERS: [
  string,
  (endpoint: string, clock: () => number) => (text: string) => Promise<unknown>,
][] = [
  [
    "message sender",
    (endpoint, clock) => {
      const sender = new ApiGatewayMessageSender({ endpoint, region, credentials }, clock);
      return (text) => sender.send("alice=", text, LATER);
    },
  ],
  [
    "connection store",
    (endpoint, clock) => {
      const store = new DynamoDbConnectionStore("t", { endpoint, region, credentials }, clock);
      return (connectionId) => store.find(connectionId, LATER);
    },
  ],
];

describe.each(CALLERS)("The %s", (_, create) => {
  /** Ten calls at once, which leave ten sockets behind; then time may pass, by the wall clock alone. */
  async function assemble(...further: readonly Answer[]) {
    const server = await startAnsweringServer(OK, ...Array(9).fill(OK), ...further);
    let now = Date.now();
    const call = create(server.endpoint, () => now);
    const callTenTimes = () =>
      Promise.all(Array.from({ length: 10 }, (_each, index) => call(`call${index}`)));
    await callTenTimes();
    const pass = (milliseconds: number) => {
      now += milliseconds;
    };
    return { server, call, callTenTimes, pass };
  }

  test.each(["closeSockets", "killSockets"] as const)(
    "makes its calls after a long pause, whatever has become of its sockets meanwhile: %s",
    async (happen) => {
      const { server, callTenTimes, pass } = await assemble();
      await using _server = server;
      // Nothing of this is seen before the calls, as in an environment that was frozen.
      server[happen]();
      pass(LONG);
      await callTenTimes();
      expect(server.posts).toHaveLength(20);
      expect(server.opened).toBe(20);
    },
  );

  test("keeps its sockets over a short pause", async () => {
    const { server, callTenTimes, pass } = await assemble();
    await using _server = server;
    pass(SHORT);
    await callTenTimes();
    expect(server.opened).toBe(10);
  });

  test("counts a pause from the last call", async () => {
    const { server, call, pass } = await assemble();
    await using _server = server;
    for (let count = 0; count < 3; count += 1) {
      pass(SHORT);
      await call("again");
    }
    expect(server.opened).toBe(10);
  });

  test("leaves alone what is under way", async () => {
    const { server, call, pass } = await assemble("silence", OK);
    await using _server = server;
    let hasEnded = false;
    void call("under way")
      .catch(() => undefined)
      .finally(() => {
        hasEnded = true;
      });
    while (server.posts.length < 11) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    pass(LONG);
    await call("after the pause");
    expect(hasEnded).toBe(false);
    expect(server.posts).toHaveLength(12);
  });
});
