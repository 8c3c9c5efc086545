import { StaticFiles } from "../../../local-gateway/static-files.ts";
import { startGateway, type TestGatewayOptions } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const ERROR = new Error("a secret of the gateway");

/** Starts a gateway that fails as soon as it is to call a function. */
const startBroken = (options: TestGatewayOptions = {}) =>
  startGateway({
    functions: () => {
      throw ERROR;
    },
    ...options,
  });

test.each<[string, TestGatewayOptions]>([
  ["its integration", {}],
  ["its authorizer", { identitySources: [] }],
])(
  "an upgrade of which %s cannot be called is answered with 500 and reported",
  async (_, options) => {
    await using gateway = await startBroken(options);
    const { status, body } = await wsRejection(gateway.url);
    expect(status).toBe(500);
    expect(body).toMatch(/^{"message": "Internal Server Error", /);
    expect(await gateway.observations.take()).toEqual({ kind: "error", error: ERROR });
    expect(await gateway.observations.take()).toMatchObject({ kind: "rejected", status: 500 });
  },
);

test("a message of which the integration cannot be called ends in an error frame and is reported", async () => {
  await using gateway = await startBroken({ routes: { $default: {} } });
  const client = await wsConnect(gateway.url);
  client.send("hello");
  expect(await client.messages.take()).toMatch(/^{"message": "Internal server error", /);
  expect((await gateway.observations.take()).kind).toBe("connected");
  expect(await gateway.observations.take()).toEqual({ kind: "error", error: ERROR });
  client.send("still here");
  expect(await client.messages.take()).toMatch(/^{"message": "Internal server error", /);
});

test("a $disconnect that cannot be called is reported", async () => {
  await using gateway = await startBroken({ routes: { $disconnect: {} } });
  const client = await wsConnect(gateway.url);
  expect((await gateway.observations.take()).kind).toBe("connected");
  client.webSocket.close();
  expect(await gateway.observations.take()).toEqual({ kind: "error", error: ERROR });
});

test("a request that breaks the gateway is answered with 500 and reported", async () => {
  const answer = () => Promise.reject(ERROR);
  const staticFiles = Object.assign(await StaticFiles.of(import.meta.dirname), { answer });
  await using gateway = await startGateway({ staticFiles });
  const response = await fetch(new URL("/index.html", gateway.managementUrl));
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('{"message": "Internal server error"}');
  expect(await gateway.observations.take()).toEqual({ kind: "error", error: ERROR });
});
