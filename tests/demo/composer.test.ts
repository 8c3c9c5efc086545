import type { Locator } from "playwright-core";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const FOCUSED = "document.activeElement.id";
const INVALID =
  '[...document.querySelectorAll("#composer :is(input, textarea):invalid")].map(({ id }) => id)';

testInBrowser("choosing the kind of recipient leaves the focus where it is", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const { page } = alice;
  await alice.open("Direct messages");
  const kind = page.getByLabel("To", { exact: true });
  await kind.selectOption("A connection");
  await kind.focus();
  // Each arrow key chooses.
  await page.keyboard.press("ArrowUp");
  await page.getByLabel("Name of the user").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByLabel("Connection id").waitFor();
  expect(await page.evaluate(FOCUSED)).toBe("to-kind");
});

testInBrowser("a blank message is not sent, nor one to a blank recipient", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.write("  ");
  expect(await alice.page.evaluate(INVALID)).toEqual(["message"]);
  await alice.address("A user", "  ");
  await alice.write("Hello?");
  expect(await alice.page.evaluate(INVALID)).toEqual(["to-name"]);

  await alice.open("lobby");
  await alice.write("Hello!");
  await alice.message("Hello!").getByText("Sent, nobody else is here").waitFor();
  expect(await alice.messages.count()).toBe(2);
});

testInBrowser(
  "Escape leads from the direct messages back to the channel, if there is one",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    await alice.address("A user", "alice");
    await alice.write("To myself");
    await alice.message("To myself").getByText("Delivered to 1").waitFor();
    await alice.page.keyboard.press("Escape");
    await alice.page.keyboard.type("To everyone");
    await alice.page.keyboard.press("Enter");
    await bob.message("To everyone").waitFor();

    const carol = await demo.join({ user: "carol", channel: "" });
    await carol.page.getByRole("textbox", { name: "Message" }).press("Escape");
    expect(await carol.page.getByLabel("To", { exact: true }).inputValue()).toBe("user");
  },
);

testInBrowser(
  "Enter sends, and Shift with Enter begins a new line, which arrives as one",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    const { keyboard } = alice.page;
    await keyboard.type("First");
    await keyboard.press("Shift+Enter");
    await keyboard.type("Second");
    expect(await alice.messages.count()).toBe(1);
    await keyboard.press("Enter");
    const text = bob.message("First").locator(".text");
    await text.waitFor();
    expect(await text.textContent()).toBe("First\nSecond");
    expect(await alice.page.getByRole("textbox", { name: "Message" }).inputValue()).toBe("");
  },
);

testInBrowser("the Enter that ends the composition of an input method does not send", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const { page } = alice;
  const driver = await page.context().newCDPSession(page);
  await driver.send("Input.imeSetComposition", { text: "か", selectionStart: 1, selectionEnd: 1 });
  await page.keyboard.press("Enter");
  // Safari ends the composition first, and reports the key by this code alone.
  await page.getByRole("textbox", { name: "Message" }).fill("か");
  await page.evaluate(`document.getElementById("message").dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true }))`);
  expect(await alice.messages.count()).toBe(1);
  await page.keyboard.press("Enter");
  await alice.message("か").getByText("Sent, nobody else is here").waitFor();
  expect(await alice.messages.count()).toBe(2);
});

testInBrowser(
  "the field grows with its text up to a limit, and is one line high again after sending",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const field = alice.page.getByRole("textbox", { name: "Message" });
    const height = async () => (await field.boundingBox())?.height ?? 0;
    const one = await height();
    await field.fill("1\n2\n3");
    const three = await height();
    expect([three > one, await overflows(field)]).toEqual([true, false]);
    await field.fill("line\n".repeat(100));
    const limit = await height();
    expect([limit > three, limit < 200, await overflows(field)]).toEqual([true, true, true]);
    await alice.page.keyboard.press("Enter");
    await alice.message("line").waitFor();
    expect(await height()).toBe(one);
  },
);

testInBrowser("the message field says to a screen reader what its keys do", async () => {
  await using demo = await startDemo();
  const { page } = await demo.join({ user: "alice" });
  expect(await page.getByRole("textbox", { name: "Message" }).ariaSnapshot()).toContain(
    'textbox "Message"',
  );
  const description = page.locator(
    `#${await page.getByRole("textbox", { name: "Message" }).getAttribute("aria-describedby")}`,
  );
  expect(await description.textContent()).toBe("Enter sends, Shift and Enter begin a new line.");
});

/** Whether a field has more text than it shows. */
async function overflows(field: Locator): Promise<boolean> {
  return await field.evaluate(
    (shown: { scrollHeight: number; clientHeight: number }) =>
      shown.scrollHeight > shown.clientHeight,
  );
}
