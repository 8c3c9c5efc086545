import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { Chatter, type Person } from "./chatter.ts";
import { findChromium } from "./find-chromium.ts";

/** For containers and machines without a screen; nothing but the page is to be fetched. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Builds the page, serves it next to the relay with these parameters, and opens a browser; disposing ends everything. */
export async function startDemo(
  parameterOverrides: Readonly<Record<string, string>> = { PresenceWatchers: "20" },
) {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "demo-"));
  starting.defer(() => rm(folder, { recursive: true }));
  await promisify(execFile)(process.execPath, ["scripts/build-demo.mjs", folder]);
  const options = {
    template: "template.yaml",
    staticDirectory: folder,
    parameterOverrides,
    onLine: () => {},
  };
  let gateway = await startLocalGateway(options);
  starting.defer(() => gateway.close());
  const port = Number(new URL(gateway.url).port);
  const pageUrl = String(gateway.pageUrl);
  const browser = await launchChromium();
  starting.defer(() => browser.close());
  const started = starting.move();
  return {
    pageUrl,
    url: gateway.url,
    managementUrl: gateway.managementUrl,
    browser,
    /** Opens the page in a browser profile of its own, and joins. */
    join: async (person: Person, context: BrowserContextOptions = {}) => {
      const chatter = await Chatter.open(await browser.newContext(context), pageUrl, person);
      await chatter.join();
      return chatter;
    },
    stopGateway: () => gateway.close(),
    /** Starts the gateway anew on the port that it had. */
    startGateway: async () => {
      gateway = await startLocalGateway({ ...options, port });
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Starts a browser without a window. Throws where there is no Chromium. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("There is no Chromium on this machine.");
  }
  return await chromium.launch({ executablePath, args: FLAGS });
}
