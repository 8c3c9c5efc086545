import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { launchChromium } from "../../demo/support/start-demo.ts";
import { startNotes } from "./start-notes.ts";

/** How long anything may take to show, in milliseconds. */
const TIMEOUT = 20_000;

/** Starts the application, and a browser; disposing ends both. */
export async function startPage() {
  await using starting = new AsyncDisposableStack();
  const gateway = await startNotes();
  starting.defer(() => gateway.close());
  const browser = await launchChromium();
  starting.defer(() => browser.close());
  const started = starting.move();
  return {
    gateway,
    /** Opens the inspector's page in a browser profile of its own, and waits for its stream. */
    open: async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(TIMEOUT);
      const page = new InspectorPage(await context.newPage());
      await page.page.goto(gateway.inspectorUrl);
      await page.page.getByText("Live", { exact: true }).waitFor();
      return page;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** The page, as a person or a screen reader sees it. */
class InspectorPage {
  readonly page: Page;
  /** What went wrong in the page: uncaught errors, dialogs, and errors on its console. */
  readonly problems: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.problems.push(message.text());
      }
    });
    page.on("dialog", (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** The rows of the timeline in which these texts occur. */
  rows(...texts: string[]): Locator {
    const list = this.page.getByRole("list", { name: /^Entries/ }).getByRole("listitem");
    return texts.reduce((rows, hasText) => rows.filter({ hasText }), list);
  }

  /** The entry that is open. */
  get entry(): Locator {
    return this.page.locator("section.entry");
  }

  /** The connections. */
  connection(connectionId: string): Locator {
    return this.page
      .getByRole("region", { name: "Connections" })
      .getByRole("button", { name: connectionId.slice(0, 8) });
  }
}
