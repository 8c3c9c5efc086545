import { RelayClient, type RelayClientOptions } from "../../client/index.ts";
import { FakeWebSocket } from "./support/fake-web-socket.ts";

const create = (options: RelayClientOptions) =>
  new RelayClient("wss://x.example/dev", { WebSocket: FakeWebSocket, ...options });

test.each([
  ["sendTimeout", -1],
  ["heartbeatAfter", Number.NaN],
  ["rotateAfter", Number.POSITIVE_INFINITY],
  ["outboxSize", "9" as unknown as number],
])("%s does not take %s", (name, value) => {
  expect(() => create({ [name]: value })).toThrow(
    new RangeError(`${name} takes a number from 0 to 2147483647.`),
  );
});

test("a message may not be allowed more than API Gateway's 128 KB", () => {
  create({ maxMessageBytes: 131_072 }).close();
  expect(() => create({ maxMessageBytes: 131_073 })).toThrow(
    new RangeError("maxMessageBytes takes a number from 0 to 131072."),
  );
});

test("names that the relay would refuse are refused at once", () => {
  expect(() => create({ user: "not a name" })).toThrow(RangeError);
  expect(() => create({ channel: "" })).toThrow(RangeError);
});

test("without a WebSocket there is no client", () => {
  expect(() => create({ WebSocket: false as never })).toThrow(
    new TypeError("There is no WebSocket here: give one as the option WebSocket."),
  );
});
