import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

testInBrowser("a message that nobody got can be sent again, and moves to the end", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.address("A user", "bob");
  await alice.write("Are you there?");
  await alice.message("Are you there?").getByText("TARGET_GONE").waitFor();
  await alice.address("A user", "alice");
  await alice.write("I'll wait.");
  await alice.message("I'll wait.").getByText("Delivered to 1").waitFor();

  const bob = await demo.join({ user: "bob" });
  await alice.page.getByRole("button", { name: "Send again" }).focus();
  await alice.page.keyboard.press("Enter");
  await bob.open("Direct messages");
  await bob.message("Are you there?").getByText("only to you").waitFor();
  await alice.message("Are you there?").getByText("Delivered to 1").waitFor();
  expect(await alice.messages.last().textContent()).toContain("Are you there?");
  expect(await alice.message("Are you there?").count()).toBe(1);
  expect(await alice.page.getByRole("button", { name: "Send again" }).count()).toBe(0);
  expect(await alice.page.evaluate("document.activeElement.role")).toBe("log");
});

testInBrowser(
  "a message outlives a minute without a connection, and then can wait anew",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    await alice.page.clock.install();
    await demo.stopGateway();
    await alice.sees("Reconnecting…");
    await alice.write("Hello?");
    const message = alice.message("Hello?");
    await message.getByText("Waiting for the connection").waitFor();
    await alice.page.clock.runFor("01:00");
    expect(await message.getByText("Waiting for the connection").count()).toBe(1);
    await alice.page.clock.runFor("01:01");
    await message.getByText("Not delivered").waitFor();
    await message.getByRole("button", { name: "Send again" }).click();
    await message.getByText("Waiting for the connection").waitFor();

    await demo.startGateway();
    // Not by the clock: a minute of it passes faster than a relay answers.
    await alice.page.evaluate('dispatchEvent(new Event("online"))');
    await message.getByText("Sent, nobody else is here").waitFor();
  },
);

testInBrowser("a message that is too long stays in the field, and the field says why", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const field = alice.page.getByRole("textbox", { name: "Message" });
  const text = "long".repeat(10_000);
  await alice.write(text);
  await alice.page.locator("#message:invalid").waitFor();
  expect(await field.inputValue()).toBe(text);
  expect(await alice.page.evaluate('document.getElementById("message").validationMessage')).toMatch(
    /^The message has \d+ bytes as JSON: 32768 are allowed\.$/,
  );
  expect(await alice.messages.count()).toBe(1);

  await alice.write("Short");
  await alice.message("Short").getByText("Sent, nobody else is here").waitFor();
});
