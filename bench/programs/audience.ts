/** The process of a channel's members: one of them sends, and all others receive. */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { AudienceCommand, AudienceReport } from "../commands.ts";
import { answerCommands } from "../program.ts";

/** Connections that are opened at a time. */
const CONCURRENCY = 64;

const members: WebSocket[] = [];
const ids: string[] = [];
let sender: WebSocket | undefined;

async function connect(url: string, channel: string): Promise<WebSocket> {
  const webSocket = new WebSocket(`${url}?channel=${channel}`, { perMessageDeflate: false });
  await once(webSocket, "open");
  return webSocket;
}

async function ask(webSocket: WebSocket, message: object): Promise<Record<string, unknown>> {
  const answered = once(webSocket, "message");
  webSocket.send(JSON.stringify({ action: "sendMessageRoute", id: "1", ...message }));
  return JSON.parse(String((await answered)[0]));
}

/** Resolves with the next envelope; the bare posts of the baseline are not envelopes. */
function receiveEnvelope(member: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    member.on("message", function onMessage(text) {
      if (String(text).startsWith('{"relay":"message"')) {
        member.off("message", onMessage);
        resolve();
      }
    });
  });
}

async function join(url: string, channel: string, count: number): Promise<void> {
  sender = await connect(url, channel);
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      const member = await connect(url, channel);
      members.push(member);
      ids.push(String((await ask(member, {})).connectionId));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function send(channel: string): Promise<void> {
  if (sender === undefined) {
    throw new Error("Nobody has joined.");
  }
  const received = members.map(receiveEnvelope);
  const receipt = await ask(sender, { data: "to everyone", forward: { channel } });
  if (receipt.delivered !== members.length || receipt.complete !== true) {
    throw new Error(`Not delivered to all ${members.length}: ${JSON.stringify(receipt)}`);
  }
  await Promise.all(received);
}

answerCommands<AudienceCommand, AudienceReport>(async (command) => {
  const begin = performance.now();
  await (command.do === "join"
    ? join(command.url, command.channel, command.members)
    : send(command.channel));
  return { ids, seconds: (performance.now() - begin) / 1000 };
});
