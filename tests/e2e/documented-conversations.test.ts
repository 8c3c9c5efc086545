import { startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { conversations, type Line } from "../support/conversations.ts";
import { urlOfCommand } from "../support/url-of-command.ts";

const CONNECTION_ID = /(?<![\w-])[\w-]{15}=/g;
const TELLS_IDS = /^YOUR ID: |^\{"relay":"(id|message|members|presence)"/;

let gateway: Awaited<ReturnType<typeof startLocalGateway>>;

beforeAll(async () => {
  gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides: { PresenceWatchers: "20" },
    quiet: true,
  });
});

afterAll(() => gateway.close());

/** The ids of the page next to those of this run, which are read from the relay's own frames. */
class KnownIds {
  readonly #actual = new Map<string, string>();

  learn(documented: string, received: string): void {
    const [there = [], here = []] = [documented, received].map((text) => text.match(CONNECTION_ID));
    if (TELLS_IDS.test(documented)) {
      for (const [index, id] of (there ?? []).entries()) {
        this.#actual.set(id, here?.[index] ?? id);
      }
    }
  }

  translate(text: string): string {
    return text.replaceAll(CONNECTION_ID, (id) => this.#actual.get(id) ?? id);
  }
}

/** Starts every client of a conversation: with the page's own command where there is one, before anybody speaks. */
async function start(conversation: readonly Line[]): Promise<ReadonlyMap<string, WsClient>> {
  const clients = new Map<string, WsClient>();
  for (const { client, direction, text } of conversation) {
    if (!clients.has(client)) {
      clients.set(
        client,
        await wsConnect(direction === "$" ? urlOfCommand(text, gateway.url) : gateway.url),
      );
    }
  }
  return clients;
}

async function hold(conversation: readonly Line[]): Promise<void> {
  const clients = await start(conversation);
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
    ({ lines }) => hold(lines),
  );
});
