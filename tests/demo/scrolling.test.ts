import type { Chatter } from "./support/chatter.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const DISTANCE = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
  document.querySelector(".conversation:not([hidden]) .scroll"))`;

testInBrowser(
  "who reads at the end stays there, and who reads further up is left alone",
  async () => {
    await using demo = await startDemo();
    const { alice, bob } = await fillConversation(demo);
    await alice.page.getByText("Raw frames").click();
    await alice.page.waitForFunction(
      `document.querySelector("details.frames").open && ${DISTANCE} < 1`,
    );

    await scrollToTop(alice);
    await bob.write("line 11");
    await alice.message("line 11").waitFor();
    expect(
      await alice.page.evaluate(
        'document.querySelector(".conversation:not([hidden]) .scroll").scrollTop',
      ),
    ).toBe(0);
    await alice.write("Back to the end");
    await alice.page.waitForFunction(`${DISTANCE} < 1`);
  },
);

testInBrowser("who reads further up sees how many messages are new, and gets to them", async () => {
  await using demo = await startDemo();
  const { alice, bob } = await fillConversation(demo);
  const button = alice.page.getByRole("button", { name: /new messages?$/ });
  expect(await button.count()).toBe(0);

  await scrollToTop(alice);
  await bob.write("line 11");
  await alice.page.getByRole("button", { name: "1 new message", exact: true }).waitFor();
  await bob.write("line 12");
  await alice.page.getByRole("button", { name: "2 new messages", exact: true }).click();
  await alice.page.waitForFunction(`${DISTANCE} < 1`);
  await button.waitFor({ state: "hidden" });
  expect(await alice.page.evaluate("document.activeElement.role")).toBe("log");

  await scrollToTop(alice);
  await bob.write("line 13");
  await button.waitFor();
  await alice.page.keyboard.press("End");
  await button.waitFor({ state: "hidden" });
});

testInBrowser("each channel stays where its reader was", async () => {
  await using demo = await startDemo();
  const { alice, bob } = await fillConversation(demo);
  await alice.joinChannel("kitchen");
  await bob.write("line 11");
  await alice.page.getByRole("button", { name: "Channels and people 1" }).waitFor();
  await alice.open("lobby");
  await alice.message("line 11").waitFor();
  // The reader was at the end, and sees the new line.
  await alice.page.waitForFunction(`${DISTANCE} < 1`);

  await scrollToTop(alice);
  await alice.open("kitchen");
  await bob.write("line 12");
  await alice.page.getByRole("button", { name: "Channels and people 1" }).waitFor();
  await alice.open("lobby");
  await alice.page.getByRole("button", { name: "1 new message", exact: true }).waitFor();
  expect(await alice.page.evaluate(`${DISTANCE} > 80`)).toBe(true);
});

/** Alice reads at the end of more lines of Bob's than fit into her window. */
async function fillConversation(demo: Awaited<ReturnType<typeof startDemo>>) {
  // The browser's driver polls by eval, which the page's policy forbids.
  const alice = await demo.join(
    { user: "alice" },
    { viewport: { width: 400, height: 700 }, bypassCSP: true },
  );
  const bob = await demo.join({ user: "bob" });
  for (let line = 1; line <= 10; line++) {
    await bob.write(`line ${line}`);
  }
  await alice.message("line 10").waitFor();
  await alice.page.waitForFunction(`${DISTANCE} < 1`);
  return { alice, bob };
}

/** Resolves when the page has noticed. */
async function scrollToTop({ page }: Chatter): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector(".conversation:not([hidden]) .scroll");
    box.addEventListener("scroll", () => resolve(), { once: true });
    box.scrollTop = 0;
  })`);
}
