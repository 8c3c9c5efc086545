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

  /** The entry of a channel, or of the direct messages, in the list of channels; with this badge, if it is given. */
  entry(title: string, badge?: string): Locator {
    const badges = badge === undefined ? "( .+)?" : badge && ` ${badge}`;
    const name = new RegExp(`^${title}${badges}$`);
    return this.page.getByRole("navigation", { name: "Channels" }).getByRole("button", { name });
  }

  /** Waits until a conversation shows. */
  async shows(title: string): Promise<void> {
    await this.page.getByRole("heading", { name: title, exact: true }).waitFor();
  }

  /** Shows another conversation. */
  async open(title: string): Promise<void> {
    await this.unfold();
    await this.entry(title).click();
    await this.shows(title);
  }

  /** On a narrow screen, shows the list of conversations. */
  async unfold(): Promise<void> {
    const toggle = this.page.getByRole("button", { name: "Channels and people", expanded: false });
    if (await toggle.isVisible()) {
      await toggle.click();
    }
  }

  /** Joins another channel, which then shows. */
  async joinChannel(channel: string): Promise<void> {
    await this.unfold();
    await this.page.getByLabel("Channel to join").fill(channel);
    await this.page.getByLabel("Channel to join").press("Enter");
    await this.shows(channel);
  }

  /** Who is in the channel that shows. */
  get people(): Locator {
    return this.page.getByRole("region", { name: "Who is here" });
  }

  /** Writes in the conversation that shows, and waits for nothing. */
  async write(text: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  /** Chooses to whom alone the next messages go. */
  async address(kind: "A user" | "A connection", name: string): Promise<void> {
    await this.open("Direct messages");
    await this.page.getByLabel("To", { exact: true }).selectOption(kind);
    await this.page.getByLabel(/^(Name of the user|Connection id)$/).fill(name);
  }

  /** The page's own connection id, as it shows. */
  async connectionId(): Promise<string> {
    return String(await this.page.locator("#own-id").textContent());
  }
}
