import type { BrowserContext, Locator, Page } from "playwright-core";

/** Who joins. */
export interface Person {
  readonly user: string;
  readonly channel?: string;
}

/** How long anything may take to show, in milliseconds. */
const TIMEOUT = 20_000;

/** Somebody with the chat page open, who looks for roles, labels and texts as a person or a screen reader does. */
export class Chatter {
  readonly page: Page;
  /** What went wrong in the page: uncaught errors, dialogs, and errors on its console. */
  readonly problems: string[] = [];
  readonly #person: Person;

  /** Opens the page at `url` in a window of its own. */
  static async open(context: BrowserContext, url: string, person: Person): Promise<Chatter> {
    context.setDefaultTimeout(TIMEOUT);
    const page = await context.newPage();
    const chatter = new Chatter(page, person);
    await page.goto(url);
    return chatter;
  }

  private constructor(page: Page, person: Person) {
    this.page = page;
    this.#person = person;
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

  /** The list of messages and notes. */
  get messages(): Locator {
    return this.page.getByRole("log").getByRole("listitem");
  }

  /** The messages and notes in which a text occurs. */
  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  /** Fills in the form, and waits for the connection. */
  async join(): Promise<void> {
    await this.askToJoin();
    await this.sees("Connected");
  }

  /** Fills in the form, and waits for nothing. */
  async askToJoin(): Promise<void> {
    const { user, channel = "lobby" } = this.#person;
    await this.page.getByLabel("Your name").fill(user);
    await this.page.getByLabel("Channel (optional)").fill(channel);
    await this.page.getByRole("button", { name: "Join" }).click();
  }

  /** Waits until the header says how the connection is. */
  async sees(state: string): Promise<void> {
    await this.page.getByRole("banner").getByText(state, { exact: true }).waitFor();
  }

  /** Writes to whoever is chosen, and waits for nothing. */
  async write(text: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  /** Chooses whom the next messages go to. */
  async address(kind: "A user" | "A connection", name: string): Promise<void> {
    await this.page.getByLabel("To", { exact: true }).selectOption(kind);
    await this.page.getByLabel(/^(Name of the user|Connection id)$/).fill(name);
  }

  /** The page's own connection id, as it shows. */
  async connectionId(): Promise<string> {
    return String(await this.page.locator("#own-id").textContent());
  }
}
