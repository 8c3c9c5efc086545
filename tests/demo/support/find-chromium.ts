import { existsSync } from "node:fs";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of a Chromium on this machine, or undefined. */
export function findChromium(): string | undefined {
  return USUAL_PLACES.find((path) => existsSync(path));
}
