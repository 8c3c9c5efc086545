import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { Chatter } from "./support/chatter.ts";
import { startDemo } from "./support/start-demo.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

const ATTACKS = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  '<a href="javascript:alert(1)">click</a>',
  "<style>body{display:none}</style>",
];

testInBrowser(
  "what looks like HTML is a text, in messages, bare data and the raw frames",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const mallory = await wsConnect(`${demo.url}?channel=lobby`);
    const send = (data: unknown, forward: unknown) =>
      mallory.send(JSON.stringify({ action: "sendMessageRoute", data, forward }));
    await alice.page.getByText("Raw frames").click();
    for (const attack of ATTACKS) {
      send({ text: attack }, { channel: "lobby" });
      send(attack, { user: "alice" });
      send({ text: { deeper: attack } }, { user: "alice" });
      send(attack, await alice.connectionId());
    }
    // One in the channel, the others in the direct messages.
    await alice.message("click").waitFor();
    await alice.open("Direct messages");
    await alice.message("click").nth(2).waitFor();
    for (const attack of ATTACKS.slice(0, 2)) {
      expect(await alice.page.getByText(attack, { exact: true }).count()).toBe(4);
    }
    const made = ":is(.messages, #frames) :is(img, script, svg, a, style)";
    expect(await alice.page.locator(made).count()).toBe(0);
    expect(alice.problems).toEqual([]);
  },
);

testInBrowser(
  "what is deep, wide or long is cut short, in messages, bare data and the raw frames",
  async () => {
    await using demo = await startDemo();
    const alice = await demo.join({ user: "alice" });
    const mallory = await wsConnect(`${demo.url}?channel=lobby`);
    const send = (data: string, forward: unknown) =>
      mallory.send(
        `{"action":"sendMessageRoute","data":${data},"forward":${JSON.stringify(forward)}}`,
      );
    const deep = "[".repeat(3_000) + "]".repeat(3_000);
    const wide = Array.from({ length: 20 }, () => "[".repeat(500) + "]".repeat(500)).join(",");
    for (const data of [deep, `[${wide}]`, `{"text":"${"long".repeat(7_000)}"}`]) {
      send(data, { channel: "lobby" });
    }
    send(`"${"long".repeat(7_000)}"`, await alice.connectionId());
    await alice.message("more characters").nth(1).waitFor();
    await alice.open("Direct messages");
    await alice.message("more characters").waitFor();
    const longest = await alice.page.evaluate(`Math.max(
      ...[...document.querySelectorAll(".text, .frame code")].map((shown) => shown.textContent.length))`);
    expect(longest).toBeLessThan(4_100);
    expect(alice.problems).toEqual([]);
  },
);

testInBrowser("a script that found its way into the page would not run", async () => {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" });
  await alice.page.evaluate(`{
    const script = document.createElement("script");
    script.textContent = "alert(1)";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>");
  }`);
  const problems = alice.problems.join("\n");
  expect(problems).toContain("script-src 'self'");
  expect(problems).not.toContain("dialog");
});

testInBrowser(
  "a relay that the page may not reach is rejected in a sentence, and shown before anyone joins",
  async () => {
    await using demo = await startDemo();
    const elsewhere = `${demo.pageUrl}?url=ws://127.0.0.1:1/dev&user=alice`;
    const alice = await Chatter.open(await demo.browser.newContext(), elsewhere, { user: "alice" });
    expect(await alice.page.getByLabel("Address").inputValue()).toBe("ws://127.0.0.1:1/dev");
    expect(await alice.page.getByLabel("Your name").inputValue()).toBe("alice");
    await alice.page.getByRole("button", { name: "Join" }).click();
    const { host } = new URL(demo.pageUrl);
    expect(await alice.page.getByRole("alert").textContent()).toBe(
      `This page comes from ${host} and may not connect to 127.0.0.1:1: it reaches its own host and wss:// addresses only.`,
    );
    await alice.sees("Not connected");
  },
);
