import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const FOCUSED = "document.activeElement.id";

testInBrowser("choosing the kind of recipient leaves the focus where it is", async () => {
  await using demo = await startDemo();
  const { page } = await demo.join({ user: "alice" });
  await page.getByLabel("To", { exact: true }).focus();
  // Each arrow key chooses, so who is on the way to "A connection" passes "A user".
  await page.keyboard.press("ArrowDown");
  await page.getByLabel("Name of the user").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByLabel("Connection id").waitFor();
  expect(await page.evaluate(FOCUSED)).toBe("to-kind");
});
