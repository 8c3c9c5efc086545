import { wsConnect } from "../support/ws-connect.ts";
import { startApplication } from "./start-application.ts";

test("the API's URLs among the environment variables are those of this machine", async () => {
  await using application = await startApplication("addresses");
  const client = await wsConnect(application.url);
  client.send("variables");
  const { origin, host } = new URL(application.managementUrl);
  expect(JSON.parse(await client.messages.take())).toEqual({
    API_URL: `${origin}/v1`,
    SOCKET_URL: application.url,
    CONNECTIONS_URL: `${origin}/v1/@connections?a=b`,
    API_ENDPOINT: `ws://${host}`,
    API_HOST: expect.stringMatching(/^[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/),
    OTHER_URL: "https://otherother.execute-api.us-east-1.amazonaws.com/v1",
  });
});

test.each(["environment", "sdk", "event", "fetch", "https"])(
  "a post that finds the API by %s arrives",
  async (way) => {
    await using application = await startApplication("addresses", { region: "eu-west-1" });
    const client = await wsConnect(application.url);
    client.send(way);
    expect(await client.messages.take()).toBe(`by ${way}`);
  },
);

test("https.get of the API's host is answered here too", async () => {
  await using application = await startApplication("addresses");
  const client = await wsConnect(application.url);
  client.send("get");
  expect(await client.messages.take()).toBe("426");
});
