import axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import { Chatter } from "./support/chatter.ts";
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
      const bob = await demo.join({ user: "bob" });
      await bob.write("Hello, Alice!");
      await alice.message("Hello, Alice!").waitFor();
      await alice.write("Hello, Bob!");
      await alice.message("Hello, Bob!").getByText("Delivered to 1").waitFor();
      await alice.address("A user", "nobody");
      await alice.write("Hello?");
      await alice.message("Hello?").getByRole("alert").waitFor();
      expect(await violations(alice.page)).toEqual([]);
      await alice.page.getByText("Raw frames").click();
      expect(await violations(alice.page)).toEqual([]);

      await demo.stopGateway();
      await alice.sees("Reconnecting…");
      expect(await violations(alice.page)).toEqual([]);
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
  await page.getByRole("button", { name: "Leave" }).focus();
  await keyboard.press("Shift+Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe(
    "Skip to the message field",
  );
  await keyboard.press("Enter");
  await keyboard.type("Hello again!");
  expect(await page.getByRole("textbox", { name: "Message" }).inputValue()).toBe("Hello again!");
  expect(alice.problems).toEqual([]);
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
    await alice.page.evaluate(`[...document.querySelectorAll("html, main, #scroll, .frame-scroll")]
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

  await demo.stopGateway();
  const trouble = alice.page.locator("#trouble:not(:empty)");
  await trouble.waitFor();
  expect(await liveness(trouble)).toBe("status");
  // The status has said it already.
  const note = alice.message("Connecting again…").getByText("Connecting again…");
  expect(await liveness(note)).toBe("off");
});
