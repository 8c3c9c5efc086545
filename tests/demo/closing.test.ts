import { AUDIENCE, startTokenIssuer } from "../support/start-token-issuer.ts";
import { Chatter } from "./support/chatter.ts";
import { invokeFunction } from "./support/invoke-function.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

testInBrowser(
  "an operator's end of the connection is shown with its reason, and nothing is lost",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    await alice.joinChannel("kitchen");
    await alice.open("lobby");
    await alice.write("Hello!");
    await alice.message("Hello!").getByText("Delivered to 1").waitFor();
    const field = alice.page.getByRole("textbox", { name: "Message" });
    await field.fill("Half a sentence");

    const disconnect = { to: { user: "alice" }, reason: "We are <b>closing</b>." };
    await invokeFunction(demo.managementUrl, { disconnect });
    const sentence = "An operator has closed your connection: We are <b>closing</b>.";
    await alice.page.getByRole("alert").getByText(sentence, { exact: true }).waitFor();
    await alice.sees("Not connected");
    await alice.message("Hello!").waitFor();
    expect(await field.inputValue()).toBe("Half a sentence");
    await field.press("Enter");
    expect(await alice.message("Half a sentence").count()).toBe(0);
    expect(await alice.page.getByRole("button", { name: "Send", exact: true }).isEnabled()).toBe(
      false,
    );
    expect(await alice.people.getByRole("listitem").count()).toBe(0);

    await alice.page.getByRole("button", { name: "Connect again" }).click();
    await alice.sees("Connected");
    await alice.people.getByText("2 people").waitFor();
    expect(await alice.page.getByRole("button", { name: "Connect again" }).isVisible()).toBe(false);
    await field.press("Enter");
    await bob.message("Half a sentence").waitFor();
    await bob.joinChannel("kitchen");
    await bob.write("Hello, kitchen!");
    await alice.entry("kitchen", "1 unread").waitFor();
    expect([...alice.problems, ...bob.problems]).toEqual([]);
  },
);

testInBrowser(
  "who is taken out of a channel sees so, stays in the others, and may join again",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    await alice.joinChannel("kitchen");
    const unsubscribe = { to: { user: "alice" }, channel: "lobby" };
    expect(await invokeFunction(demo.managementUrl, { unsubscribe })).toMatchObject({
      delivered: 1,
    });
    const sentence = "An operator has taken you out of this channel.";
    await alice.entry("lobby", "ended").waitFor();
    expect(await alice.page.locator("#news").textContent()).toBe(`lobby: ${sentence}`);
    expect(await alice.page.getByRole("alert").count()).toBe(0);

    await alice.open("lobby");
    await alice.page.getByRole("alert").getByText(sentence).waitFor();
    await alice.open("kitchen");
    await alice.write("Still here");
    await alice.message("Still here").getByText("Sent, nobody else is here").waitFor();

    await alice.open("lobby");
    await alice.page.getByRole("button", { name: "Join again" }).click();
    await alice.people.getByText("2 people").waitFor();
    await bob.write("Hello again!");
    await alice.message("Hello again!").waitFor();
    await alice.entry("lobby", "").waitFor();
  },
);

testInBrowser("who was closed by an operator can leave, and join anew", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const disconnect = { to: { user: "alice" }, reason: "Closed." };
  await invokeFunction(demo.managementUrl, { disconnect });
  await alice.page.getByRole("button", { name: "Connect again" }).waitFor();
  await alice.page.getByRole("button", { name: "Disconnect" }).click();
  expect(await alice.page.getByLabel("Your name").inputValue()).toBe("alice");
  await alice.join();
  expect(await alice.page.getByRole("alert").isVisible()).toBe(false);
});

testInBrowser(
  "a channel that the token does not open is not joined, and the page says why",
  async () => {
    await using issuer = await startTokenIssuer();
    await using demo = await startDemo({
      PresenceWatchers: "20",
      JwtIssuer: issuer.url,
      JwtAudience: AUDIENCE,
      JwtJwksUri: `${issuer.url}/keys`,
      JwtChannelsClaim: "channels",
    });
    const context = await demo.browser.newContext();
    const alice = await Chatter.open(context, demo.pageUrl, { user: "alice" });
    await alice.page.getByText("Relay and token").click();
    const token = issuer.issue({ sub: "alice", channels: ["kitchen"] });
    await alice.page.getByLabel("Token").fill(token);
    await alice.join();
    await alice.page.getByRole("alert").getByText("(FORBIDDEN)").waitFor();
    await alice.entry("lobby", "ended").waitFor();
    await alice.joinChannel("kitchen");
    await alice.people.getByText("1 person", { exact: true }).waitFor();
    expect(await alice.page.getByRole("alert").isVisible()).toBe(false);
  },
);
