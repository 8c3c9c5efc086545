/**
 * A server in the place of DynamoDB and of API Gateway's management API: it knows the members of one channel, and takes
 * posts for them. Those for members who do not read get 429, as API Gateway answers when a client's buffer is full; but
 * once everybody else is served they read, so that the message comes to its end.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { ChannelCommand, ChannelReport } from "../commands.ts";
import { answerCommands } from "../program.ts";

interface Query {
  readonly Limit: number;
  readonly ExclusiveStartKey?: { readonly connectionId: { readonly S: string } };
}

let members: readonly string[] = [];
let silent: ReadonlySet<string> = new Set();
let served = 0;
let begin: number | undefined;
let lastServed = 0;

const server = createServer((request, response) => {
  begin ??= performance.now();
  void (request.headers["x-amz-target"] === undefined ? post : query)(request, response);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1");
await once(server, "listening");

async function query(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { Limit, ExclusiveStartKey: last } = (await json(request)) as Query;
  const start = last === undefined ? 0 : members.indexOf(last.connectionId.S) + 1;
  const page = members.slice(start, start + Limit);
  const expiresAt = { N: String(Math.floor(Date.now() / 1000) + 3600) };
  const connectionId = page.length === Limit ? page.at(-1) : undefined;
  response.end(
    JSON.stringify({
      Items: page.map((id) => ({ connectionId: { S: id }, expiresAt })),
      Count: page.length,
      ...(connectionId && { LastEvaluatedKey: { connectionId: { S: connectionId } } }),
    }),
  );
}

function post(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on("end", () => {
    const id = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
    if (!silent.has(id)) {
      served += 1;
      lastServed = performance.now();
    } else if (served + silent.size < members.length) {
      response.writeHead(429, { "x-amzn-errortype": "LimitExceededException" });
    }
    response.end();
  });
}

answerCommands(async (command: ChannelCommand): Promise<ChannelReport> => {
  const report = { served, lastServedAfter: lastServed - (begin ?? lastServed) };
  if (command.do === "gather") {
    members = Array.from({ length: command.members }, (_, index) => `member-${index}=`);
    silent = new Set(command.doAllRead ? [] : members.filter((_, index) => index % 2 === 0));
  }
  [served, begin, lastServed] = [0, undefined, 0];
  const address = server.address();
  const url = typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "";
  return { url, ...report };
});
