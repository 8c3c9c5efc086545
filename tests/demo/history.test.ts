import { Chatter, type Person } from "./support/chatter.ts";
import { invokeFunction } from "./support/invoke-function.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const HISTORY = { PresenceWatchers: "20", HistoryHours: "24" };

type Demo = Awaited<ReturnType<typeof startDemo>>;

/** Somebody whose network a test switches off and on. */
async function joinWithNetwork(demo: Demo, person: Person) {
  const context = await demo.browser.newContext();
  let isOn = true;
  const sockets = new Set<{ close(options: { code: number }): Promise<void> }>();
  await context.routeWebSocket(/./, (socket) => {
    if (isOn) {
      socket.connectToServer();
      sockets.add(socket);
    } else {
      void socket.close({ code: 1001 });
    }
  });
  const chatter = await Chatter.open(context, demo.pageUrl, person);
  await chatter.join();
  return {
    chatter,
    goOffline: () => {
      isOn = false;
      for (const socket of sockets) {
        void socket.close({ code: 1001 });
      }
      sockets.clear();
    },
    goOnline: () => {
      isOn = true;
    },
  };
}

/** The messages that show, without notes, by their last words. */
async function lines(chatter: Chatter): Promise<(string | undefined)[]> {
  const texts = await chatter.page.locator(".conversation:not([hidden]) .text").allTextContents();
  return texts.map((text) => text.trim());
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

async function publish(demo: Demo, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await invokeFunction(demo.managementUrl, { publish: { to: { channel: "lobby" }, data: text } });
  }
}

testInBrowser(
  "who was offline while twenty messages were written has all of them in order afterwards",
  async () => {
    await using demo = await startDemo(HISTORY);
    const alice = await demo.join({ user: "alice" });
    const { chatter: bob, goOffline, goOnline } = await joinWithNetwork(demo, { user: "bob" });
    await alice.write("Before");
    await bob.message("Before").waitFor();

    goOffline();
    await bob.sees("Reconnecting…");
    for (const line of numbered(1, 20)) {
      await alice.write(line);
      await alice.message(line).getByText("Sent, nobody else is here").first().waitFor();
    }
    goOnline();
    await bob.message("line 20").waitFor();
    expect(await lines(bob)).toEqual(["Before", ...numbered(1, 20)]);
    // One's own messages show once, with what became of them.
    expect(await lines(alice)).toEqual(["Before", ...numbered(1, 20)]);
    expect([...alice.problems]).toEqual([]);
  },
);

testInBrowser(
  "a page that is loaded again shows what was there, and what came meanwhile, once",
  async () => {
    await using demo = await startDemo(HISTORY);
    const alice = await demo.join({ user: "alice" });
    const bob = await demo.join({ user: "bob" });
    await alice.write("line 1");
    await bob.message("line 1").waitFor();
    await bob.write("line 2");
    await alice.message("line 2").waitFor();
    await bob.page.reload();
    await alice.write("line 3");
    await bob.join();
    await bob.message("line 3").waitFor();
    await bob.message("line 1").waitFor();
    await expectLines(bob, numbered(1, 3));
    expect(await bob.message("line 2").getByText("You", { exact: true }).count()).toBe(1);
  },
);

testInBrowser(
  "who joins sees the last fifty messages, and those before when scrolling up",
  async () => {
    await using demo = await startDemo(HISTORY);
    await publish(demo, numbered(1, 120));
    const alice = await demo.join({ user: "alice" });
    await alice.message("line 120").waitFor();
    await expectLines(alice, numbered(71, 120));
    const older = alice.page.getByRole("button", { name: "Show earlier messages" });
    await scrollToTop(alice);
    await alice.message("line 21").first().waitFor();
    await expectLines(alice, numbered(21, 120));
    await older.click();
    await expectLines(alice, numbered(1, 120));
    await older.waitFor({ state: "hidden" });
    expect(alice.problems).toEqual([]);
  },
);

testInBrowser("where messages are not kept any more, a mark says so", async () => {
  await using demo = await startDemo(HISTORY);
  await publish(demo, numbered(1, 2));
  const alice = await Chatter.open(await demo.browser.newContext(), demo.pageUrl, {
    user: "alice",
  });
  const positions = { lobby: { sequence: 7, epoch: "earlier", messageIds: [] } };
  await alice.page.evaluate(
    ([key, value]) =>
      (globalThis as { sessionStorage?: Storage }).sessionStorage?.setItem(key, value),
    [`positions ${demo.url} alice`, JSON.stringify(positions)] as const,
  );
  await alice.join();
  await alice.message("line 2").waitFor();
  expect(await alice.messages.allTextContents()).toEqual([
    expect.stringContaining("Connected."),
    "Messages are missing here.",
    expect.stringContaining("line 1"),
    expect.stringContaining("line 2"),
  ]);
});

testInBrowser("without history nothing of it shows", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  const bob = await demo.join({ user: "bob" });
  await bob.write("line 1");
  await alice.message("line 1").waitFor();
  expect(await alice.page.getByRole("button", { name: "Show earlier messages" }).count()).toBe(0);
  expect(await alice.messages.allTextContents()).toEqual([
    expect.stringContaining("Connected."),
    expect.stringContaining("line 1"),
  ]);
});

async function scrollToTop(chatter: Chatter): Promise<void> {
  await chatter.page.getByRole("log").focus();
  await chatter.page.keyboard.press("Home");
}

/** Waits until these messages show, and no others. */
async function expectLines(chatter: Chatter, expected: readonly string[]): Promise<void> {
  const texts = chatter.page.locator(".conversation:not([hidden]) .text");
  await texts.nth(expected.length - 1).waitFor();
  expect(await lines(chatter)).toEqual(expected);
}
