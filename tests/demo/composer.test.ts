import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const FOCUSED = "document.activeElement.id";
const INVALID = '[...document.querySelectorAll("#composer input:invalid")].map(({ id }) => id)';

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

testInBrowser("a blank message is not sent, nor one to a blank recipient", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.write("  ");
  expect(await alice.page.evaluate(INVALID)).toEqual(["message"]);
  await alice.address("A user", "  ");
  await alice.write("Hello?");
  expect(await alice.page.evaluate(INVALID)).toEqual(["to-name"]);

  await alice.page.getByLabel("To", { exact: true }).selectOption("Everyone in lobby");
  await alice.write("Hello!");
  await alice.message("Hello!").getByText("Sent, nobody else is here").waitFor();
  expect(await alice.messages.count()).toBe(2);
});

testInBrowser("Escape leads from one user back to the channel, if there is one", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const bob = await demo.join({ user: "bob" });
  await alice.address("A user", "alice");
  await alice.write("To myself");
  await alice.message("To myself").getByText("Delivered to 1").waitFor();
  await alice.page.keyboard.type("To everyone");
  await alice.page.keyboard.press("Escape");
  await alice.page.keyboard.press("Enter");
  await bob.message("To everyone").waitFor();
  expect(await bob.message("To everyone").getByText("only to you").count()).toBe(0);

  const carol = await demo.join({ user: "carol", channel: "" });
  await carol.page.getByRole("textbox", { name: "Message" }).press("Escape");
  expect(await carol.page.getByLabel("To", { exact: true }).inputValue()).toBe("user");
});
