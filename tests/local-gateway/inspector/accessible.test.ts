import axe from "axe-core";
import type { Page } from "playwright-core";
import { testInBrowser } from "../../demo/support/test-in-browser.ts";
import { startPage } from "./inspector-page.ts";
import { SOON } from "./start-notes.ts";

/** What axe-core finds wrong in a page as it is: the rule and the elements. */
async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated, not injected: the page's policy lets no foreign script in.
  await page.evaluate(axe.source);
  return await page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" | ")))`);
}

for (const colorScheme of ["light", "dark"] as const) {
  testInBrowser(`axe finds nothing wrong in the ${colorScheme} page`, async () => {
    await using started = await startPage();
    const inspector = await started.open({ colorScheme });
    expect(await violations(inspector.page)).toEqual([]);
    const client = await started.gateway.connect(SOON);
    client.sendJson({ action: "say", text: "hello" });
    await client.next();
    client.sendJson({ action: "fail" });
    await client.next();
    await inspector.connection(client.connectionId).click();
    await inspector.page.getByLabel("Show bodies").check();
    await inspector.rows("Event", "fail").click();
    await inspector.entry.getByRole("button", { name: "Run again" }).click();
    await inspector.entry
      .getByText(/cannot use/)
      .first()
      .waitFor();
    expect(await violations(inspector.page)).toEqual([]);
  });
}

testInBrowser(
  "the keyboard is enough to go through the rows, to open one, and to come back",
  async () => {
    await using started = await startPage();
    const inspector = await started.open();
    const { page } = inspector;
    const client = await started.gateway.connect(SOON);
    client.send("hello");
    await client.next();
    await inspector.rows("Frame out").waitFor();
    const focused = () => page.evaluate<string>("document.activeElement.textContent");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the timeline");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await focused()).toContain("Frame out");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toContain("Result");
    await page.keyboard.press("Home");
    expect(await focused()).toContain("Event");
    await page.keyboard.press("Enter");
    await inspector.entry.getByRole("heading", { name: "Event: $connect" }).waitFor();
    await page.waitForFunction("document.activeElement.id === 'entry-title'");
    await page.keyboard.press("Escape");
    expect(await inspector.entry.isVisible()).toBe(false);
    expect(await focused()).toContain("Event");
    // Only one row is in the order of the Tab key.
    expect(await page.locator('#rows [tabindex="0"]').count()).toBe(1);
  },
);

testInBrowser("on a narrow screen nothing has to be scrolled sideways", async () => {
  await using started = await startPage();
  const inspector = await started.open({ viewport: { width: 390, height: 844 } });
  const { page } = inspector;
  const isWide = () =>
    page.evaluate<boolean>(
      "[document.scrollingElement, ...document.querySelectorAll('main, section, #rows')].some((element) => element.scrollWidth > element.clientWidth)",
    );
  const client = await started.gateway.connect({
    ...SOON,
    headers: { "User-Agent": "a".repeat(300) },
  });
  client.send("a".repeat(300));
  await client.next();
  await page.getByLabel("Show bodies").check();
  await inspector.rows("Frame out").waitFor();
  expect(await isWide()).toBe(false);
  await inspector.rows("Opened").click();
  await inspector.entry.getByText("aaaaaaaa").first().waitFor();
  expect(await page.getByRole("heading", { name: "Timeline" }).isVisible()).toBe(false);
  expect(await isWide()).toBe(false);
  await inspector.entry.getByRole("button", { name: "Close", exact: true }).click();
  await inspector.rows("Frame out").waitFor();
});
