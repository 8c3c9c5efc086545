import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

/** The borders of everything that matches and shows. */
const borders = (selector: string) => `[...document.querySelectorAll("${selector}")]
  .filter((shown) => shown.checkVisibility())
  .map((shown) => getComputedStyle(shown))
  .map(({ borderTopStyle, borderTopWidth, borderTopColor, backgroundColor }) =>
    borderTopStyle === "solid" && borderTopWidth !== "0px" && borderTopColor !== backgroundColor)`;

testInBrowser("buttons and notices have an outline where colors are forced", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" }, { forcedColors: "active" });
  expect(await alice.page.evaluate(borders("button.primary"))).toEqual([true]);
  await demo.stopGateway();
  await alice.page.locator("#trouble:not(:empty)").waitFor();
  expect(await alice.page.evaluate(borders(".notice:not(:empty)"))).toEqual([true]);
});
