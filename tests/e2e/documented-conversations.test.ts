import { startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { conversations, type Line } from "../support/conversations.ts";
import { urlOfCommand } from "../support/url-of-command.ts";

const CONNECTION_ID = /(?<![\w-])[\w-]{15}=/g;
const EPOCH = /(?<="epoch":")[\w-]+(?=")/g;
const TELLS_IDS = /^YOUR ID: |^\{"relay":"(id|message|members|presence|history)"/;

type Gateway = Awaited<ReturnType<typeof startLocalGateway>>;

let gateway: Gateway;
/** The same with history, for the conversations about that. */
let keeping: Gateway;

beforeAll(async () => {
  const start = (HistoryHours: string) =>
    startLocalGateway({
      template: "template.yaml",
      parameterOverrides: { PresenceWatchers: "20", HistoryHours },
      quiet: true,
    });
  [gateway, keeping] = await Promise.all([start("0"), start("24")]);
});

afterAll(() => Promise.all([gateway.close(), keeping.close()]));

/** The ids and epochs of the page next to those of this run, which are read from the relay's own frames. */
class KnownIds {
  readonly #actual = new Map<string, string>();

  learn(documented: string, received: string): void {
    if (TELLS_IDS.test(documented)) {
      this.#learn(CONNECTION_ID, documented, received);
    }
    this.#learn(EPOCH, documented, received);
  }

  translate(text: string): string {
    const actual = (id: string) => this.#actual.get(id) ?? id;
    return text.replaceAll(CONNECTION_ID, actual).replaceAll(EPOCH, actual);
  }

  #learn(pattern: RegExp, documented: string, received: string): void {
    const here = received.match(pattern) ?? [];
    for (const [index, id] of (documented.match(pattern) ?? []).entries()) {
      this.#actual.set(id, here[index] ?? id);
    }
  }
}

/** Starts every client of a conversation: with the page's own command where there is one, before anybody speaks. */
async function start(
  conversation: readonly Line[],
  url: string,
): Promise<ReadonlyMap<string, WsClient>> {
  const clients = new Map<string, WsClient>();
  for (const { client, direction, text } of conversation) {
    if (!clients.has(client)) {
      clients.set(client, await wsConnect(direction === "$" ? urlOfCommand(text, url) : url));
    }
  }
  return clients;
}

async function hold(conversation: readonly Line[], { url }: Gateway): Promise<void> {
  const clients = await start(conversation, url);
  const ids = new KnownIds();
  for (const { client: name, direction, text } of conversation) {
    const client = clients.get(name);
    if (direction === ">") {
      client?.send(ids.translate(text));
    }
    if (direction === "<") {
      const received = (await client?.messages.take()) ?? "";
      ids.learn(text, received);
      expect(`${name}< ${withoutTheUnique(received)}`).toBe(
        `${name}< ${withoutTheUnique(ids.translate(text))}`,
      );
    }
  }
  for (const client of clients.values()) {
    expect(client.messages.size).toBe(0);
    client.webSocket.close();
    await client.closed;
  }
}

/** Every message has its own time and ids, and nothing else may differ. */
function withoutTheUnique(frame: string): string {
  return frame
    .replace(/"(requestId|messageId)":"[^"]{16}"/g, '"$1":"…"')
    .replace(/"(expiresIn|since)":\d+/g, '"$1":…')
    .replace(/"sentAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, '"sentAt":"…"');
}

describe.each(["README.md", "docs/protocol.md"])("%s is right", (page) => {
  const documented = conversations(page);

  test("about at least one conversation", () => {
    expect(documented.length).toBeGreaterThan(0);
  });

  test.each(documented.map((lines, index) => ({ lines, name: `${index + 1}: ${lines[0]?.text}` })))(
    "in conversation $name",
    ({ lines }) => hold(lines, gateway),
  );
});

test("docs/protocol.md is right in its conversation with history", async () => {
  const [lines = [], ...more] = conversations("docs/protocol.md", "history");
  expect(lines.length).toBeGreaterThan(0);
  expect(more).toEqual([]);
  await hold(lines, keeping);
});
