import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

/** In the page, but folded away. */
const ATTACHED = { state: "attached" } as const;

testInBrowser(
  "a gateway that starts anew finds both pages again, and what was written meanwhile arrives",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    const before = await alice.connectionId();

    await demo.stopGateway();
    await alice.sees("Reconnecting…");
    await bob.sees("Reconnecting…");
    await alice
      .message("The connection ended with code 1001: Going away. Connecting again…")
      .waitFor();
    await alice.address("A user", "alice");
    await alice.write("Written to nobody");
    await alice
      .message("Written to nobody")
      .getByText("Waiting for the connection", { exact: true })
      .waitFor();

    await demo.startGateway();
    await alice.sees("Connected");
    await bob.sees("Connected");
    await alice.message("Connected again.").waitFor();
    await alice.message("Written to nobody").getByText("Delivered to 1").waitFor();
    // In the order of what happened: what has waited was sent after that.
    expect(await alice.messages.allTextContents()).toEqual([
      expect.stringMatching(/^Connected\./),
      expect.stringContaining("Connecting again…"),
      expect.stringMatching(/^Connected again\./),
      expect.stringContaining("Written to nobody"),
      // To her own user, it comes back.
      expect.stringContaining("Written to nobody"),
    ]);
    expect(await alice.connectionId()).not.toBe(before);
    await alice.open("lobby");
    await bob.write("Here again!");
    await alice.message("Here again!").getByRole("button", { name: "bob" }).waitFor();
  },
);

testInBrowser("a page that goes offline says so, and talks on when it is back", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const bob = await demo.join({ user: "bob" });

  const trouble = bob.page.getByRole("status").getByText("Your device is offline.");
  await bob.page.context().setOffline(true);
  // Chromium spares the WebSockets that are open: the gateway has to end them.
  await demo.stopGateway();
  await bob.sees("Reconnecting…");
  await demo.startGateway();
  await bob.page.locator("#frames").getByText("closed with 1006").first().waitFor(ATTACHED);
  await trouble.waitFor();
  await alice.sees("Connected");

  await bob.page.context().setOffline(false);
  await bob.sees("Connected");
  await trouble.waitFor({ state: "hidden" });
  await alice.write("Welcome back!");
  await bob.message("Welcome back!").getByRole("button", { name: "alice" }).waitFor();
});

testInBrowser("a device that is offline says so although the connection seems open", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const trouble = alice.page.getByRole("status").getByText("Your device is offline.");
  // Not by the driver's switch: pages on a machine without a network get no event.
  await alice.page.evaluate('dispatchEvent(new Event("offline"))');
  await trouble.waitFor();
  await alice.sees("Connected");
  await alice.page.evaluate('dispatchEvent(new Event("online"))');
  await trouble.waitFor({ state: "hidden" });
});
