/**
 * The process of the talking clients: pairs of which one sends, in the relay's protocol, and the other receives. With the
 * argument `offering` they offer permessage-deflate, and compress what they send once it is negotiated.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { TrafficCommand, TrafficReport } from "../commands.ts";
import { answerCommands } from "../program.ts";

interface Pair {
  readonly sender: WebSocket;
  readonly receiver: WebSocket;
  /** The receiver's connection id. */
  readonly target: string;
}

/** What each message carries, in characters. */
const LENGTH = 100;
const DATA = "x".repeat(LENGTH);

const pairs: Pair[] = [];
const perMessageDeflate = process.argv[2] === "offering";

async function connect(url: string): Promise<WebSocket> {
  const webSocket = new WebSocket(url, { perMessageDeflate });
  await once(webSocket, "open");
  return webSocket;
}

async function askId(webSocket: WebSocket): Promise<string> {
  const answered = once(webSocket, "message");
  webSocket.send(JSON.stringify({ action: "sendMessageRoute", data: "who am i" }));
  return String((await answered)[0]).replace("YOUR ID: ", "");
}

async function connectPair(url: string): Promise<void> {
  const [sender, receiver] = await Promise.all([connect(url), connect(url)]);
  pairs.push({ sender, receiver, target: await askId(receiver) });
}

/** Resolves with how long each of `messages` took. */
async function send(pair: Pair, messages: number, inFlight: number): Promise<readonly number[]> {
  const { sender, receiver, target } = pair;
  const text = JSON.stringify({ action: "sendMessageRoute", data: DATA, forward: target });
  // All messages are alike, so the one that arrives stands for the one that was sent first.
  const begun: number[] = [];
  const durations: number[] = [];
  let sent = 0;
  const sendNext = () => {
    if (sent < messages) {
      sent += 1;
      begun.push(performance.now());
      sender.send(text);
    }
  };
  return await new Promise((resolve, reject) => {
    const onEnd = () => reject(new Error("A connection was closed."));
    const onMessage = (received: Buffer) => {
      if (received.length !== LENGTH) {
        reject(new Error(`Not the message: ${received}`));
      }
      durations.push(performance.now() - (begun[durations.length] ?? 0));
      if (durations.length === messages) {
        receiver.off("message", onMessage).off("close", onEnd);
        sender.off("message", onAnswer).off("close", onEnd);
        resolve(durations);
      }
      sendNext();
    };
    const onAnswer = (answer: Buffer) => reject(new Error(`The sender received: ${answer}`));
    receiver.on("message", onMessage).on("close", onEnd);
    sender.on("message", onAnswer).on("close", onEnd);
    for (let first = 0; first < inFlight; first += 1) {
      sendNext();
    }
  });
}

answerCommands<TrafficCommand, TrafficReport>(async (command) => {
  const begin = performance.now();
  let durations: readonly number[] = [];
  if (command.do === "connect") {
    await Promise.all(Array.from({ length: command.pairs }, () => connectPair(command.url)));
  } else {
    const each = command.messages / pairs.length;
    durations = (await Promise.all(pairs.map((pair) => send(pair, each, command.inFlight)))).flat();
  }
  return { seconds: (performance.now() - begin) / 1000, durations };
});
