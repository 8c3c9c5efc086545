import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

/** The borders of everything that matches and shows. */
const borders = (selector: string) => `[...document.querySelectorAll("${selector}")]
  .filter((shown) => shown.checkVisibility())
  .map((shown) => getComputedStyle(shown))
  .map(({ borderTopStyle, borderTopWidth, borderTopColor, backgroundColor }) =>
    borderTopStyle === "solid" && borderTopWidth !== "0px" && borderTopColor !== backgroundColor)`;

/** The titles of everything that matches and shows: what may be cut off has all of its name there. */
const titles = (selector: string) => `[...document.querySelectorAll("${selector}")]
  .flatMap((shown) => [...shown.querySelectorAll("[title]")])
  .filter((shown) => shown.checkVisibility())
  .map(({ title }) => title)`;

testInBrowser("buttons and notices have an outline where colors are forced", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" }, { forcedColors: "active" });
  expect(await alice.page.evaluate(borders("button.primary"))).toEqual([true]);
  await demo.stopGateway();
  await alice.page.locator("#trouble:not(:empty)").waitFor();
  expect(await alice.page.evaluate(borders(".notice:not(:empty)"))).toEqual([true]);
});

for (const [width, height, least] of [
  [640, 360, 180],
  [844, 390, 200],
  [320, 568, 240],
] as const) {
  testInBrowser(
    `on ${width} x ${height} there is space for messages, whatever the names`,
    async () => {
      await using demo = await startDemo();
      const person = { user: "u".repeat(64), channel: "c".repeat(64) };
      const alice = await demo.join(person, { viewport: { width, height } });
      const { page } = alice;
      await demo.join(person);
      await alice.write("To the channel");
      expect(await page.evaluate(titles(".about h2"))).toEqual([person.channel]);
      expect(await page.evaluate("document.documentElement.scrollHeight")).toBe(height);
      const space = 'document.querySelector(".conversation:not([hidden]) .scroll").clientHeight';
      expect(await page.evaluate(space)).toBeGreaterThan(least);

      await alice.address("A user", person.user);
      await alice.write("To myself");
      await alice.message("To myself").getByText("Delivered to 2").waitFor();
      await alice.message("To myself").getByText("only to you").waitFor();
      expect(await page.evaluate(titles(".badge"))).toEqual([person.user]);
      expect(await page.evaluate("document.documentElement.scrollHeight")).toBe(height);

      await alice.unfold();
      expect(await page.evaluate(titles(".entry, .own"))).toEqual([
        "Direct messages",
        person.channel,
        person.user,
      ]);
      const sidebar = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)";
      expect(await page.evaluate(`${sidebar}(document.getElementById("sidebar"))`)).toBe(0);
    },
  );
}

testInBrowser("no field is so small that a phone would zoom in on it", async () => {
  await using demo = await startDemo();
  const { page } = await demo.join({ user: "alice" }, { viewport: { width: 390, height: 844 } });
  const sizes = await page.evaluate(`[...document.querySelectorAll("input, select, textarea")]
    .map((field) => getComputedStyle(field).fontSize)`);
  expect(new Set(sizes as string[])).toEqual(new Set(["16px"]));
});
