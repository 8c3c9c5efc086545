import { fileURLToPath } from "node:url";
import { INSTALL_TIMEOUT } from "../../support/install-packages.ts";
import { copyWithSdkV2 } from "../../support/sdk-v2.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { startApplication } from "./start-application.ts";

const FIXTURE = fileURLToPath(new URL("fixtures/classic", import.meta.url));

let copy: Awaited<ReturnType<typeof copyWithSdkV2>>;

beforeAll(async () => {
  copy = await copyWithSdkV2(FIXTURE);
}, INSTALL_TIMEOUT);

afterAll(() => copy?.[Symbol.asyncDispose]());

/** Connects to the tutorial's application and asks who it is. */
async function join(url: string) {
  const client = await wsConnect(url);
  client.send('{"action":"sendMessageRoute","data":"who am i"}');
  const id = (await client.messages.take()).replace("YOUR ID: ", "");
  return { ...client, id };
}

test("the tutorial's four functions on aws-sdk v2 have its conversation", async () => {
  await using application = await startApplication("classic", { template: copy.template });
  const one = await join(application.url);
  const two = await join(application.url);
  const send = (data: string, forward: string) =>
    JSON.stringify({ action: "sendMessageRoute", data, forward });
  one.send(send("Hello two!", two.id));
  expect(await two.messages.take()).toBe("Hello two!");
  two.send(send("Hello one!", one.id));
  expect(await one.messages.take()).toBe("Hello one!");
  one.send(send("Hello all!", "everyone"));
  expect([await one.messages.take(), await two.messages.take()]).toEqual([
    "Hello all!",
    "Hello all!",
  ]);
  two.send("no JSON");
  expect(await two.messages.take()).toBe("Undefined Route Detected!");
});

test("a connection that the tutorial's $disconnect removed gets no more posts", async () => {
  await using application = await startApplication("classic", { template: copy.template });
  const one = await join(application.url);
  const two = await join(application.url);
  two.webSocket.close();
  expect(await application.lines.find("Disconnected! Good-bye!")).toContain("OnDisconnectFunction");
  const message = '{"action":"sendMessageRoute","data":"still here?","forward":"everyone"}';
  one.send(message);
  expect(await one.messages.take()).toBe("still here?");
  // When the message is done, every post has been made and logged.
  await application.lines.find(`${message.length} bytes`);
  expect(application.lines.all.filter((line) => / post +410 /.test(line))).toEqual([]);
});
