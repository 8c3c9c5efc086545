import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { invokeFunction } from "./support/invoke-function.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

testInBrowser(
  "two pages talk in a channel, and see who wrote what and who received it",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    await alice.write("Is anybody there?");
    await alice.message("Is anybody there?").getByText("Sent, nobody else is here").waitFor();
    const bob = await demo.join({ user: "bob" });
    const elsewhere = await demo.join({ user: "carol", channel: "kitchen" });

    await alice.write("Hello, Bob!");
    await bob.message("Hello, Bob!").getByRole("button", { name: "alice" }).waitFor();
    await alice.message("Hello, Bob!").getByText("Delivered to 1").waitFor();
    await bob.write("Hello, Alice!");
    await alice.message("Hello, Alice!").getByRole("button", { name: "bob" }).waitFor();

    await elsewhere.write("Nobody is here.");
    await elsewhere.message("Nobody is here.").getByText("Sent, nobody else is here").waitFor();
    expect(await alice.messages.allTextContents()).toEqual([
      expect.stringMatching(/^Connected\./),
      expect.stringMatching(/^You.*Is anybody there\?/),
      expect.stringMatching(/^You.*Hello, Bob!/),
      expect.stringMatching(/^bob.*Hello, Alice!/),
    ]);
    expect([...alice.problems, ...bob.problems, ...elsewhere.problems]).toEqual([]);
  },
);

testInBrowser("an empty conversation says what to do as long as there is no message", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const hint = alice.page.getByText("Open this page in a second window");
  await hint.waitFor();
  await alice.write("Hello?");
  await alice.message("Hello?").waitFor();
  await hint.waitFor({ state: "hidden" });
});

testInBrowser("a message goes to all connections of one user, and to no others", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const bob = await demo.join({ user: "bob" });
  const bobElsewhere = await demo.join({ user: "bob", channel: "kitchen" });
  const carol = await demo.join({ user: "carol" });

  await alice.address("A user", "bob");
  await alice.write("Psst!");
  for (const window of [bob, bobElsewhere]) {
    await window.open("Direct messages");
    await window.message("Psst!").getByText("only to you").waitFor();
  }
  await alice.message("Psst!").getByText("Delivered to 2").waitFor();
  await alice.message("Psst!").getByText("only to bob").waitFor();

  await bob.message("Psst!").getByRole("button", { name: "alice" }).click();
  await bob.write("What?");
  await alice.message("What?").getByText("only to you").waitFor();
  await carol.open("Direct messages");
  expect(await carol.message("Psst!").count()).toBe(0);
});

testInBrowser("a message goes to one connection by its id, and comes back from it", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const client = await wsConnect(demo.url);
  client.send('{"action":"sendMessageRoute"}');
  const id = (await client.messages.take()).replace("YOUR ID: ", "");
  await alice.address("A connection", id);
  await alice.write("Hello, wscat!");
  expect(JSON.parse(await client.messages.take())).toMatchObject({
    from: { user: "alice" },
    to: { connection: id },
    data: { text: "Hello, wscat!" },
  });

  const send = (data: unknown, forward: unknown) =>
    client.send(JSON.stringify({ action: "sendMessageRoute", data, forward }));
  send("bare words", await alice.connectionId());
  await alice.message("bare words").getByText("Unknown").waitFor();
  send({ temperature: 21 }, { user: "alice" });
  await alice.message('"temperature": 21').getByRole("button", { name: id }).waitFor();
});

testInBrowser("a backend's message shows the backend's name", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const publish = { to: { channel: "lobby" }, data: "Your bill is ready.", from: "billing" };
  await invokeFunction(demo.managementUrl, { publish });
  await alice.message("Your bill is ready.").getByText("billing", { exact: true }).waitFor();
});

testInBrowser("a message that reaches nobody says so", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.address("A user", "nobody");
  await alice.write("Hello?");
  const failure = alice.message("Hello?").getByRole("alert");
  expect(await failure.textContent()).toMatch(/^Not delivered: .+\. \(TARGET_GONE\)$/);
});

testInBrowser("who is in no channel writes to users and connections only", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice", channel: "" });
  const bob = await demo.join({ user: "bob" });
  await alice.page.getByLabel("Name of the user").fill("bob");
  await alice.write("From outside");
  await bob.open("Direct messages");
  await bob.message("From outside").getByText("only to you").waitFor();
});

testInBrowser(
  "a name that cannot be is rejected in a sentence, and leaving leads back to the form",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    await alice.page.getByRole("button", { name: "Disconnect" }).click();
    await alice.sees("Not connected");
    await alice.page.getByLabel("Your name").fill("not a name");
    await alice.page.getByRole("button", { name: "Join" }).click();
    const sentence = await alice.page.getByRole("alert").textContent();
    expect(sentence).toMatch(/^Your name must be 1 to 64 letters/);
    await alice.join();
    expect(await alice.messages.allTextContents()).toEqual([expect.stringMatching(/^Connected\./)]);
  },
);

testInBrowser(
  "the raw frames are there for who wants to see them, and the own id can be copied",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join(
      { user: "alice" },
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
    const id = await alice.connectionId();
    await alice.people.getByText("1 person").waitFor();
    await alice.write("Hello!");
    await alice.message("Hello!").getByText("Sent, nobody else is here").waitFor();
    await alice.page.getByText("Raw frames").click();
    const frames = alice.page.getByRole("region", { name: "Raw frames" }).locator("code");
    expect((await frames.allTextContents()).reverse()).toEqual([
      "opened",
      '{"action":"sendMessageRoute","id":"heartbeat","positions":true}',
      expect.stringContaining(
        `{"relay":"id","id":"heartbeat","connectionId":"${id}","user":"alice"`,
      ),
      '{"action":"subscribe","channel":["lobby"],"presence":true,"id":"1"}',
      expect.stringContaining('{"relay":"subscribed","channels":[{"channel":"lobby"'),
      '{"action":"members","channel":"lobby","id":"2"}',
      expect.stringContaining(
        `{"relay":"members","channel":"lobby","members":[{"connectionId":"${id}"`,
      ),
      '{"action":"sendMessageRoute","forward":{"channel":"lobby"},"data":{"text":"Hello!"},"id":"3"}',
      '{"relay":"receipt","id":"3","delivered":0,"gone":0,"failed":0,"complete":true}',
    ]);

    await alice.page.getByRole("button", { name: "Copy your connection id" }).click();
    await alice.page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await alice.page.evaluate("navigator.clipboard.readText()")).toBe(id);
  },
);

testInBrowser("of many raw frames the last 200 are kept, and the panel says so", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const frames = alice.page.locator("#frames > li");
  await alice.page.getByText("Raw frames 7", { exact: true }).waitFor();
  expect(await frames.count()).toBe(7);
  const id = await alice.connectionId();
  const client = await wsConnect(demo.url);
  for (let frame = 8; frame <= 201; frame++) {
    client.send(JSON.stringify({ action: "sendMessageRoute", data: "news", forward: id }));
  }
  await alice.page.getByText("Raw frames last 200 of 201", { exact: true }).click();
  expect(await frames.count()).toBe(200);
});
