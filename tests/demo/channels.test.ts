import type { Chatter } from "./support/chatter.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

/** In the page, but folded away. */
const ATTACHED = { state: "attached" } as const;

testInBrowser("a page is in several channels, and counts what is unread in each", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const bob = await demo.join({ user: "bob" });
  await alice.joinChannel("kitchen");
  await bob.write("Hello, lobby!");
  await bob.write("Is anybody here?");
  await alice.entry("lobby", "2 unread").waitFor();
  expect(await alice.page.title()).toBe("(2) Relay chat");
  expect(await alice.page.locator("#news").textContent()).toBe("New message in lobby");
  expect(await alice.message("Hello, lobby!").count()).toBe(0);

  await bob.address("A user", "alice");
  await bob.write("Psst!");
  await alice.entry("Direct messages", "1 unread").waitFor();
  await alice.open("lobby");
  await alice.message("Is anybody here?").waitFor();
  await alice.entry("lobby", "").waitFor();
  expect(await alice.page.title()).toBe("(1) Relay chat");
  await alice.open("Direct messages");
  await alice.message("Psst!").waitFor();
  expect(await alice.page.title()).toBe("Relay chat");
  expect([...alice.problems, ...bob.problems]).toEqual([]);
});

testInBrowser(
  "what comes while nobody looks at the page is unread until somebody does",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    await look(alice, false);
    await bob.write("Hello!");
    await alice.entry("lobby", "1 unread").waitFor();
    await look(alice, true);
    await alice.entry("lobby", "").waitFor();
  },
);

testInBrowser("what is begun in one channel is not sent to another", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const field = alice.page.getByRole("textbox", { name: "Message" });
  await field.fill("For the lobby");
  await alice.joinChannel("kitchen");
  expect(await field.inputValue()).toBe("");
  expect(await field.getAttribute("placeholder")).toBe("Write to everyone in kitchen");
  await alice.open("lobby");
  expect(await field.inputValue()).toBe("For the lobby");
});

testInBrowser(
  "who leaves a channel gets nothing of it any more, and may join it again",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    const leave = alice.page.getByRole("button", { name: "Leave the channel" });
    await alice.joinChannel("kitchen");
    await alice.open("lobby");
    await leave.click();
    await alice.shows("kitchen");
    expect(await alice.entry("lobby").count()).toBe(0);
    await alice.page.locator("#frames").getByText('"relay":"unsubscribed"').waitFor(ATTACHED);
    await bob.write("Is anybody here?");
    await bob.message("Is anybody here?").getByText("Sent, nobody else is here").waitFor();

    await leave.click();
    await alice.shows("Direct messages");
    expect(await leave.isVisible()).toBe(false);
    await alice.joinChannel("lobby");
    await alice.people.getByText("2 people").waitFor();
    await bob.write("Hello again!");
    await alice.message("Hello again!").waitFor();
    expect(await alice.message("Is anybody here?").count()).toBe(0);
  },
);

testInBrowser("a channel is joined once, and one with a bad name not at all", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.joinChannel("kitchen");
  await alice.page.getByLabel("Channel to join").fill(" lobby ");
  await alice.page.keyboard.press("Enter");
  await alice.shows("lobby");
  expect(await alice.entry("lobby").count()).toBe(1);

  const field = alice.page.getByLabel("Channel to join");
  await field.fill("not a name");
  await field.press("Enter");
  await alice.page.locator("#channel-to-join:invalid").waitFor();
  const rule = await alice.page.evaluate(
    'document.getElementById("channel-to-join").validationMessage',
  );
  expect(rule).toMatch(/^The channel must be 1 to 64 letters/);
  expect(await field.inputValue()).toBe("not a name");
  expect(await alice.page.locator("#channels li").count()).toBe(3);
});

testInBrowser("who is here shows who comes and who has gone, each user once", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.people.getByText("1 person").waitFor();
  const bob = await demo.join({ user: "bob" });
  await demo.join({ user: "bob" });
  const aaron = await demo.join({ user: "aaron" });
  await alice.people.getByText("3 people").waitFor();
  expect(await alice.people.getByRole("listitem").allTextContents()).toEqual([
    "alice(you)",
    "aaron",
    "bob",
  ]);

  // A user who has gone stays in the list for ten seconds, and may come back.
  await alice.page.clock.install();
  const left = alice.page.locator("#frames").getByText('"event":"left"');
  await bob.page.getByRole("button", { name: "Disconnect" }).click();
  await left.first().waitFor(ATTACHED);
  await aaron.page.getByRole("button", { name: "Disconnect" }).click();
  await left.nth(1).waitFor(ATTACHED);
  await alice.page.clock.runFor("00:11");
  await alice.people.getByText("2 people").waitFor();
  expect(await alice.people.getByRole("listitem").allTextContents()).toEqual(["alice(you)", "bob"]);

  await alice.people.getByRole("button", { name: "bob" }).click();
  await alice.shows("Direct messages");
  await alice.write("Are you still here?");
  await alice.message("Are you still here?").getByText("Delivered to 1").waitFor();
});

testInBrowser("a relay that does not say who comes and goes is asked who is here", async () => {
  await using demo = await startDemo({ PresenceWatchers: "0" });
  const alice = await demo.join({ user: "alice" });
  await alice.people.getByText("1 person at").waitFor();
  const bob = await demo.join({ user: "bob" });
  await bob.people.getByText("2 people at").waitFor();
  await alice.people.getByRole("button", { name: "Update" }).click();
  await alice.people.getByText("2 people at").waitFor();
  await bob.write("Hello!");
  await alice.message("Hello!").waitFor();
  expect([...alice.problems, ...bob.problems]).toEqual([]);
});

testInBrowser("one page more than may watch a channel asks who is here, too", async () => {
  await using demo = await startDemo({ PresenceWatchers: "1" });
  const alice = await demo.join({ user: "alice" });
  await alice.people.getByText("1 person").waitFor();
  const bob = await demo.join({ user: "bob" });
  await bob.people.getByText("2 people at").waitFor();
  await alice.people.getByText("2 people", { exact: true }).waitFor();
  await alice.write("Hello!");
  await bob.message("Hello!").waitFor();
});

/** Lets the page of a chatter be in the foreground, or not: the driver cannot. */
async function look({ page }: Chatter, isInForeground: boolean): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, "hidden", { value: ${!isInForeground}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }`);
}
