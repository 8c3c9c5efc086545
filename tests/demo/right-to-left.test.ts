import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

testInBrowser("what is written from right to left is shown so, names and fields too", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const dalia = await demo.join({ user: "דליה" });
  await dalia.address("A user", "alice");
  await dalia.write("שלום alice!");
  await alice.open("Direct messages");
  await alice.message("שלום").waitFor();
  await alice.message("שלום").getByRole("button", { name: "דליה" }).click();
  await alice.write("Hello!");
  await dalia.message("Hello!").waitFor();
  const { page } = alice;
  expect(await page.locator(".messages .text:dir(rtl)").allTextContents()).toEqual(["שלום alice!"]);
  expect(await page.locator(".messages .text:dir(ltr)").allTextContents()).toEqual(["Hello!"]);
  // As a sender, as a recipient, and among those who are in the channel.
  expect(await page.locator(".messages bdi:dir(rtl)").allTextContents()).toEqual(["דליה", "דליה"]);
  expect(await page.locator(".people bdi:dir(rtl)").allTextContents()).toEqual(["דליה"]);
  expect(await dalia.page.locator("#own-name:dir(rtl)").count()).toBe(1);

  await alice.address("A user", "דליה");
  await page.getByRole("textbox", { name: "Message" }).fill("שלום");
  await page.locator("#message:dir(rtl)").waitFor();
  await page.locator("#to-name:dir(rtl)").waitFor();
  await dalia.page.getByRole("button", { name: "Disconnect" }).click();
  await dalia.page.locator("#user:dir(rtl)").waitFor();
});
