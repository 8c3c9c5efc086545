import { exec } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { conversations } from "../support/conversations.ts";
import { NpmStart } from "../support/npm-script.ts";
import { urlOfCommand } from "../support/url-of-command.ts";

const COMMAND = /^(.* --url http:\/\/127\.0\.0\.1:)3300$/m;

test("README.md's command publishes from a shell next to npm start, and all its windows in the channel show it", async () => {
  const [, command] = COMMAND.exec(await readFile("README.md", "utf8")) ?? [];
  const windows = conversations("README.md")
    .flat()
    .filter(({ direction, text }) => direction === "$" && text.includes("channel=lobby"));
  await using npmStart = new NpmStart("--port", "0");
  const [, url = ""] = await npmStart.prints(/^Listening on (ws:\S+)$/);
  const clients = await Promise.all(windows.map(({ text }) => wsConnect(urlOfCommand(text, url))));

  const { stdout } = await promisify(exec)(`${command}${new URL(url).port}`);
  expect(stdout).toContain(`"delivered": ${clients.length},`);
  expect(clients).toHaveLength(3);
  for (const { messages } of clients) {
    expect(JSON.parse(await messages.take())).toMatchObject({
      relay: "message",
      from: { service: "billing" },
      to: { channel: "lobby" },
      data: { text: "Your invoice is ready." },
    });
  }
}, 60_000);
