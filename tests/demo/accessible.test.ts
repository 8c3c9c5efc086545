import axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import { Chatter } from "./support/chatter.ts";
import { invokeFunction } from "./support/invoke-function.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

/** How an element is read out when it comes: by the nearest live region around it, its aria-live or its role. */
async function liveness(element: Locator): Promise<string | null> {
  const region = element.locator("xpath=ancestor-or-self::*[@aria-live or @role][1]");
  return (await region.getAttribute("aria-live")) ?? (await region.getAttribute("role"));
}

/** What axe-core finds wrong in a page as it is: the rule and the elements. */
async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated, not injected: the page's policy lets no foreign script in.
  await page.evaluate(axe.source);
  return await page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" | ")))`);
}

for (const colorScheme of ["light", "dark"] as const) {
  testInBrowser(
    `axe finds nothing wrong in the ${colorScheme} page, whatever it shows`,
    async () => {
      await using demo = await startDemo();
      const context = await demo.browser.newContext({ colorScheme });
      const alice = await Chatter.open(context, demo.pageUrl, { user: "alice" });
      expect(await violations(alice.page)).toEqual([]);
      await alice.page.getByText("Relay and token").click();
      expect(await violations(alice.page)).toEqual([]);

      await alice.join();
      const bob = await demo.join({ user: "bob" }, { colorScheme });
      await alice.joinChannel("kitchen");
      await bob.write("Hello, Alice!");
      await alice.entry("lobby", "1 unread").waitFor();
      expect(await violations(alice.page)).toEqual([]);
      await alice.open("lobby");
      await alice.people.getByText("2 people").waitFor();
      await alice.write("Hello, Bob!");
      await alice.message("Hello, Bob!").getByText("Delivered to 1").waitFor();
      await alice.address("A user", "nobody");
      await alice.write("Hello?");
      await alice.message("Hello?").getByRole("alert").waitFor();
      expect(await violations(alice.page)).toEqual([]);
      await alice.page.getByText("Raw frames").click();
      expect(await violations(alice.page)).toEqual([]);

      const disconnect = { to: { user: "alice" }, reason: "We are closing." };
      await invokeFunction(demo.managementUrl, { disconnect });
      await alice.page.getByRole("alert").getByText("We are closing.").waitFor();
      expect(await violations(alice.page)).toEqual([]);

      await demo.stopGateway();
      await bob.sees("Reconnecting…");
      expect(await violations(bob.page)).toEqual([]);
    },
  );
}

testInBrowser("the keyboard is enough to join, to write, and to read the raw frames", async () => {
  await using demo = await startDemo();
  const context = await demo.browser.newContext();
  const { page, ...alice } = await Chatter.open(context, demo.pageUrl, { user: "alice" });
  const { keyboard } = page;
  await keyboard.type("alice");
  await keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  await keyboard.type("Hello!");
  await keyboard.press("Enter");
  await page.getByText("Sent, nobody else is here").waitFor();
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await page.getByText('"data":{"text":"Hello!"}').waitFor();
  await page.getByRole("button", { name: "Direct messages" }).focus();
  await keyboard.press("Shift+Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe(
    "Skip to the message field",
  );
  await keyboard.press("Enter");
  await keyboard.type("Hello again!");
  expect(await page.getByRole("textbox", { name: "Message" }).inputValue()).toBe("Hello again!");
  expect(alice.problems).toEqual([]);
});

testInBrowser(
  "the keyboard is enough to join channels, to move between them, and to leave",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const { keyboard } = alice.page;
    // The field to join a channel follows the list.
    await alice.entry("lobby").focus();
    await keyboard.press("Tab");
    await keyboard.type("kitchen");
    await keyboard.press("Enter");
    await alice.shows("kitchen");
    await keyboard.type("Hello, kitchen!");
    await keyboard.press("Enter");
    await alice.message("Hello, kitchen!").getByText("Sent, nobody else is here").waitFor();

    await alice.entry("kitchen").focus();
    expect(await alice.entry("kitchen").getAttribute("aria-current")).toBe("true");
    await keyboard.press("Shift+Tab");
    await keyboard.press("Space");
    await alice.shows("lobby");
    expect(await alice.entry("kitchen").getAttribute("aria-current")).toBe(null);
    expect(await alice.page.evaluate("document.activeElement.id")).toBe("message");

    // Back over the messages to the button above them.
    await keyboard.press("Shift+Tab");
    await keyboard.press("Shift+Tab");
    await keyboard.press("Enter");
    await alice.shows("kitchen");
    expect(await alice.page.evaluate("document.activeElement.id")).toBe("message");
  },
);

testInBrowser("on a narrow screen the channels show in place of the conversation", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" }, { viewport: { width: 320, height: 568 } });
  const bob = await demo.join({ user: "bob" });
  const toggle = alice.page.getByRole("button", { name: "Channels and people" });
  const message = alice.page.getByRole("textbox", { name: "Message" });
  expect(await alice.entry("lobby").isVisible()).toBe(false);
  await toggle.focus();
  await alice.page.keyboard.press("Enter");
  await alice.people.getByText("2 people").waitFor();
  expect(await toggle.getAttribute("aria-expanded")).toBe("true");
  expect(await message.isVisible()).toBe(false);

  await alice.page.getByLabel("Channel to join").focus();
  await alice.page.keyboard.press("Escape");
  await message.waitFor();
  expect(await alice.page.evaluate("document.activeElement.id")).toBe("channels-toggle");
  await alice.joinChannel("kitchen");
  await message.waitFor();
  await bob.write("Hello!");
  await alice.page.getByRole("button", { name: "Channels and people 1" }).click();
  await alice.entry("lobby", "1 unread").click();
  await alice.message("Hello!").waitFor();
});

testInBrowser("on a narrow screen nothing has to be scrolled sideways", async () => {
  await using demo = await startDemo();
  const alice = await demo.join(
    { user: "a".repeat(64) },
    { viewport: { width: 320, height: 568 } },
  );
  await alice.write("long".repeat(100));
  for (let line = 0; line < 20; line++) {
    await alice.write(`line ${line}`);
  }
  await alice.message("line 19").getByText("Sent, nobody else is here").waitFor();
  await alice.page.getByText("Raw frames").click();
  await alice.page.getByText('"text":"line 19"').waitFor();
  const overflow =
    await alice.page.evaluate(`[...document.querySelectorAll("html, main, .sidebar, .scroll, .frame-scroll")]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    .map(({ outerHTML }) => outerHTML.slice(0, 60))`);
  expect(overflow).toEqual([]);
});

testInBrowser("trouble, messages and failures are read out, and receipts are not", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const bob = await demo.join({ user: "bob" });
  await alice.write("Hello, Bob!");
  const receipt = alice.message("Hello, Bob!").getByText("Delivered to 1");
  await receipt.waitFor();
  expect(await liveness(receipt)).toBe("off");
  expect(await liveness(bob.message("Hello, Bob!").getByText("Hello, Bob!"))).toBe("log");
  await alice.address("A user", "nobody");
  await alice.write("Hello?");
  const failure = alice.message("Hello?").getByText("TARGET_GONE");
  await failure.waitFor();
  expect(await liveness(failure)).toBe("alert");

  await alice.open("lobby");
  await bob.joinChannel("kitchen");
  await alice.write("Are you there?");
  await bob.entry("lobby", "1 unread").waitFor();
  expect(await liveness(bob.page.getByText("New message in lobby"))).toBe("status");
  expect(await liveness(alice.people.getByText("2 people"))).toBe("status");
  const unsubscribe = { to: { user: "bob" }, channel: "kitchen" };
  await invokeFunction(demo.managementUrl, { unsubscribe });
  const end = bob.page.getByText("An operator has taken you out of this channel.");
  await end.nth(1).waitFor();
  // In the notice it is an alert, so not in the conversation.
  expect(await Promise.all([end.nth(0), end.nth(1)].map(liveness))).toEqual(["off", "alert"]);

  await demo.stopGateway();
  const trouble = alice.page.locator("#trouble:not(:empty)");
  await trouble.waitFor();
  expect(await liveness(trouble)).toBe("status");
  // The status has said it already.
  const note = alice.message("Connecting again…").getByText("Connecting again…");
  expect(await liveness(note)).toBe("off");
});
