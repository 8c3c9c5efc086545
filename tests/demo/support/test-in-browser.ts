import { CHROMIUM_IS_REQUIRED } from "./chromium-is-required.ts";
import { findChromium } from "./find-chromium.ts";

/** Time for a test that starts a browser and a gateway, in milliseconds. */
const TIMEOUT = 60_000;

/** A test in a browser, skipped where there is none; tests/demo/chromium.test.ts says so. */
export function testInBrowser(name: string, body: () => Promise<void>): void {
  const isSkipped = findChromium() === undefined && !CHROMIUM_IS_REQUIRED;
  (isSkipped ? test.skip : test)(name, body, TIMEOUT);
}
