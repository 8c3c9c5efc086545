/**
 * The process of the clients: takes commands from the process that started it, and reports. With the argument `offering`
 * they offer permessage-deflate, as browsers do.
 */
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { WebSocket } from "ws";
import type { ClientsCommand, ClientsReport } from "../commands.ts";
import { answerCommands } from "../program.ts";

const [, , url = "", offer] = process.argv;
const perMessageDeflate = offer === "offering";
const open = new Set<WebSocket>();
/** Milliseconds between two steps of a rate. */
const STEP = 10;

class Measurement {
  readonly #begin = performance.now();
  readonly #usage = process.cpuUsage();
  readonly #durations: number[] = [];
  readonly #failures: Record<string, number> = {};

  async count(work: Promise<unknown>): Promise<void> {
    const begin = performance.now();
    try {
      await work;
      this.#durations.push(performance.now() - begin);
    } catch (error) {
      const text = error instanceof AggregateError ? String(error.errors[0]) : String(error);
      this.#failures[text] = (this.#failures[text] ?? 0) + 1;
    }
  }

  report(): ClientsReport {
    const seconds = (performance.now() - this.#begin) / 1000;
    const { user, system } = process.cpuUsage(this.#usage);
    return {
      succeeded: this.#durations.length,
      failures: this.#failures,
      durations: this.#durations.sort((a, b) => a - b),
      seconds,
      cores: (user + system) / 1e6 / seconds,
    };
  }
}

async function connect(): Promise<WebSocket> {
  const webSocket = new WebSocket(url, { perMessageDeflate });
  await once(webSocket, "open");
  webSocket.on("error", () => {});
  webSocket.on("close", () => open.delete(webSocket));
  open.add(webSocket);
  return webSocket;
}

async function close(webSocket: WebSocket): Promise<void> {
  const closed = once(webSocket, "close");
  webSocket.close(1000);
  const [code] = await closed;
  if (code !== 1000) {
    throw new Error(`Closed with ${code}`);
  }
}

async function openAll(count: number, concurrency: number): Promise<ClientsReport> {
  const measurement = new Measurement();
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      await measurement.count(connect());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return measurement.report();
}

async function echo(every: number): Promise<ClientsReport> {
  const measurement = new Measurement();
  for (const [index, webSocket] of [...open].entries()) {
    if (index % every === 0) {
      await measurement.count(echoOn(webSocket, `message ${index}`));
    }
  }
  return measurement.report();
}

async function echoOn(webSocket: WebSocket, text: string): Promise<void> {
  const received = once(webSocket, "message");
  webSocket.send(text);
  const [answer] = await received;
  if (answer.toString() !== text) {
    throw new Error(`Not the echo of ${text}: ${answer}`);
  }
}

async function connectAt(rate: number, seconds: number): Promise<ClientsReport> {
  const opening = new Measurement();
  const closing = new Measurement();
  const work: Promise<void>[] = [];
  const begin = performance.now();
  for (let begun = 0; begun < rate * seconds; begun += 1) {
    while (performance.now() - begin < (begun / rate) * 1000) {
      await wait(STEP);
    }
    const connecting = connect();
    work.push(
      opening.count(connecting).then(async () => {
        const webSocket = await connecting.catch(() => undefined);
        await (webSocket && closing.count(close(webSocket)));
      }),
    );
  }
  await Promise.all(work);
  const opened = opening.report();
  return { ...opened, failures: { ...opened.failures, ...closing.report().failures } };
}

async function postToAll(managementUrl: string): Promise<ClientsReport> {
  const measurement = new Measurement();
  const outcomes = await Promise.all(
    [...open].map((webSocket) => postUnread(webSocket, managementUrl)),
  );
  const failures: Record<string, number> = {};
  for (const [name, count] of outcomes.flatMap((outcome) => Object.entries(outcome))) {
    failures[name] = (failures[name] ?? 0) + count;
  }
  return { ...measurement.report(), failures };
}

async function run(command: ClientsCommand): Promise<ClientsReport> {
  switch (command.do) {
    case "open":
      return await openAll(command.count, command.concurrency);
    case "echo":
      return await echo(command.every);
    case "connect at":
      return await connectAt(command.rate, command.seconds);
    case "post unread":
      return await postToAll(command.managementUrl);
    case "close": {
      const measurement = new Measurement();
      await Promise.all([...open].map((webSocket) => measurement.count(close(webSocket))));
      return measurement.report();
    }
  }
}

answerCommands(run);

/** Milliseconds until a rejected post is tried again. */
const RETRY_INTERVAL = 50;
const PIECE = Buffer.alloc(64 * 1024, "x");

/**
 * Posts to a client that does not read until a post is no longer possible. Resolves with how many posts had which
 * outcome.
 */
export async function postUnread(
  webSocket: WebSocket,
  managementUrl: string,
): Promise<Record<string, number>> {
  const sdk = new ApiGatewayManagementApiClient({
    region: "us-east-1",
    endpoint: managementUrl,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const answered = once(webSocket, "message");
  webSocket.send("id");
  const ConnectionId = String((await answered)[0]);
  webSocket.pause();
  const post = new PostToConnectionCommand({ ConnectionId, Data: PIECE });
  const outcomes: Record<string, number> = {};
  let outcome = "accepted";
  while (outcome === "accepted" || outcome === "LimitExceededException") {
    outcome = await sdk.send(post).then(
      () => "accepted",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    await (outcome !== "accepted" && wait(RETRY_INTERVAL));
  }
  sdk.destroy();
  webSocket.terminate();
  return outcomes;
}
