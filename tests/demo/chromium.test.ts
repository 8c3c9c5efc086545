import { CHROMIUM_IS_REQUIRED } from "./support/chromium-is-required.ts";
import { findChromium } from "./support/find-chromium.ts";

test("Chromium is on this machine, or it is said that the chat page is not tested in a browser", () => {
  const path = findChromium();
  if (CHROMIUM_IS_REQUIRED) {
    expect(path).toBeDefined();
  } else if (path === undefined) {
    process.stderr.write(
      "There is no Chromium on this machine: the tests of the chat page in a browser are skipped.\n",
    );
  }
});
