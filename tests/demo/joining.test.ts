import { Chatter } from "./support/chatter.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const MARKED = `[...document.querySelectorAll('[aria-invalid="true"]')].map(({ id }) => id)`;

type Demo = Awaited<ReturnType<typeof startDemo>>;

/** Alice's page before she joins. It makes all its attempts at once. */
async function openPage(demo: Demo): Promise<Chatter> {
  const context = await demo.browser.newContext();
  await context.addInitScript("Math.random = () => 0");
  // A machine without a network has other reasons to give.
  await context.addInitScript('Object.defineProperty(navigator, "onLine", { value: true })');
  return await Chatter.open(context, demo.pageUrl, { user: "alice" });
}

/** Alice's page after a first attempt in vain. Its clock stands still: the next one begins on a reconnect trigger. */
async function openWaitingPage(demo: Demo): Promise<Chatter> {
  const alice = await openPage(demo);
  await alice.page.clock.install({ time: 0 });
  // Later than the clock can be by now.
  await alice.page.clock.pauseAt(60_000);
  await demo.stopGateway();
  await alice.askToJoin();
  return alice;
}

testInBrowser("the form waits for the first connection, and says why it takes time", async () => {
  await using demo = await startDemo();
  const alice = await openWaitingPage(demo);
  const form = alice.page.getByRole("form", { name: "Join a channel" });
  await form.getByText("Connecting…").waitFor();
  await form.getByRole("status").getByText("could not be opened").waitFor();
  const message = alice.page.getByRole("textbox", { name: "Message" });
  expect(await message.isVisible()).toBe(false);

  await demo.startGateway();
  await alice.page.evaluate('dispatchEvent(new Event("online"))');
  await message.waitFor();
  expect(await form.isVisible()).toBe(false);
  expect(await alice.messages.allTextContents()).toEqual([expect.stringMatching(/^Connected\./)]);
});

testInBrowser("who does not want to wait for the connection gets the form back", async () => {
  await using demo = await startDemo();
  const alice = await openWaitingPage(demo);
  const cancel = alice.page.getByRole("button", { name: "Cancel" });
  await cancel.waitFor();
  await alice.page.keyboard.press("Enter");
  await alice.sees("Not connected");
  expect(await cancel.isVisible()).toBe(false);
  expect(await alice.page.getByLabel("Your name").inputValue()).toBe("alice");
  await demo.startGateway();
  await alice.join();
});

testInBrowser(
  "a rejection says what may be the cause, and shows the address and the token",
  async () => {
    await using demo = await startDemo();
    const alice = await openPage(demo);
    await alice.page.getByText("Relay and token").click();
    const wrong = demo.url.replace("/dev", "/prod");
    await alice.page.getByLabel("Address").fill(wrong);
    await alice.page.getByText("Relay and token").click();
    await alice.askToJoin();
    const problem = alice.page.getByRole("alert");
    await problem.getByText(`Gave up on ${wrong} after 5 attempts. Perhaps the address`).waitFor();
    expect(await alice.page.getByLabel("Address").isVisible()).toBe(true);
    expect(await alice.page.getByLabel("Token").isVisible()).toBe(true);

    await alice.page.getByLabel("Address").fill(demo.url);
    await alice.join();
  },
);

testInBrowser(
  "a field that is at fault is marked, focused, and named in the sentence",
  async () => {
    await using demo = await startDemo();
    const alice = await openPage(demo);
    const { page } = alice;
    const join = page.getByRole("button", { name: "Join" });
    const channel = page.getByLabel("Channel (optional)");
    const name = page.getByLabel("Your name");
    await name.fill("alice");
    await channel.fill("the lobby");
    await join.click();
    // The hint has the same words.
    const rule = await page.locator("#name-rule").textContent();
    expect(rule).toMatch(/^1 to 64 letters.*, no spaces$/);
    await page.getByRole("alert").getByText(`The channel must be ${rule}.`).waitFor();
    expect(await page.evaluate(MARKED)).toEqual(["channel"]);
    expect(await page.evaluate("document.activeElement.id")).toBe("channel");
    expect(await page.getByLabel("Address").isVisible()).toBe(false);

    await name.fill("not a name");
    await join.click();
    await page.getByRole("alert").getByText(`Your name must be ${rule}.`).waitFor();
    expect(await page.evaluate(MARKED)).toEqual(["user"]);
    expect(await page.evaluate("document.activeElement.id")).toBe("user");

    await name.fill("alice");
    await channel.fill("lobby");
    await page.getByText("Relay and token").click();
    await page.getByLabel("Address").fill("https://relay.example/dev");
    await page.getByText("Relay and token").click();
    await join.click();
    await page.getByRole("alert").getByText("must begin with wss:// or ws://").waitFor();
    expect(await page.evaluate(MARKED)).toEqual(["url"]);
    expect(await page.evaluate("document.activeElement.id")).toBe("url");
  },
);

testInBrowser("what cannot be a token is not sent", async () => {
  await using demo = await startDemo();
  const alice = await openPage(demo);
  await alice.page.getByText("Relay and token").click();
  await alice.page.getByLabel("Token").fill("Bearer abc.def.ghi");
  await alice.askToJoin();
  expect(await alice.page.evaluate("document.activeElement.id")).toBe("token");
  await alice.sees("Not connected");
  await alice.page.getByLabel("Token").fill(" abc.def.ghi ");
  await alice.join();
});
