import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const DISTANCE = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
  document.getElementById("scroll"))`;

testInBrowser(
  "who reads at the end stays there, and who reads further up is left alone",
  async () => {
    await using demo = await startDemo();
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
    await alice.page.getByText("Raw frames").click();
    await alice.page.waitForFunction(
      `document.querySelector("details.frames").open && ${DISTANCE} < 1`,
    );

    await alice.page.evaluate(`new Promise((resolve) => {
    const box = document.getElementById("scroll");
    box.addEventListener("scroll", () => resolve(), { once: true });
    box.scrollTop = 0;
  })`);
    await bob.write("line 11");
    await alice.message("line 11").waitFor();
    expect(await alice.page.evaluate('document.getElementById("scroll").scrollTop')).toBe(0);
    await alice.write("Back to the end");
    await alice.page.waitForFunction(`${DISTANCE} < 1`);
  },
);
