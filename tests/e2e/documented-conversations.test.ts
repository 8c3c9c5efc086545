import { startLocalGateway } from "../../local-gateway/index.ts";
import { type WsClient, wsConnect } from "../local-gateway/support/ws-connect.ts";
import { conversations, type Line } from "../support/conversations.ts";

const CONNECTION_ID = /(?<![\w-])[\w-]{15}=/g;

let gateway: Awaited<ReturnType<typeof startLocalGateway>>;

beforeAll(async () => {
  gateway = await startLocalGateway({ template: "template.yaml", quiet: true });
});

afterAll(() => gateway.close());

/** The ids of the page beside those of this run, learnt from the answers to "who am I?". */
class KnownIds {
  readonly #actual = new Map<string, string>();

  learn(documented: string, received: string): void {
    const [there] = documented.match(CONNECTION_ID) ?? [];
    const [here] = received.match(CONNECTION_ID) ?? [];
    if (/^YOUR ID: |^\{"relay":"id"/.test(documented) && there && here) {
      this.#actual.set(there, here);
    }
  }

  translate(text: string): string {
    return text.replaceAll(CONNECTION_ID, (id) => this.#actual.get(id) ?? id);
  }
}

async function hold(conversation: readonly Line[]): Promise<void> {
  const names = [...new Set(conversation.map(({ client }) => client))];
  const clients = new Map<string, WsClient>();
  for (const name of names) {
    clients.set(name, await wsConnect(gateway.url));
  }
  const ids = new KnownIds();
  for (const { client: name, direction, text } of conversation) {
    const client = clients.get(name);
    if (direction === ">") {
      client?.send(ids.translate(text));
      continue;
    }
    const received = (await client?.messages.take()) ?? "";
    ids.learn(text, received);
    // Every request has another id, and nothing else may differ.
    const anyRequestId = (frame: string) =>
      frame.replace(/"requestId":"[^"]{16}"/, '"requestId":"…"');
    expect(`${name}< ${anyRequestId(received)}`).toBe(
      `${name}< ${anyRequestId(ids.translate(text))}`,
    );
  }
  for (const client of clients.values()) {
    expect(client.messages.size).toBe(0);
    client.webSocket.close();
    await client.closed;
  }
}

describe.each(["README.md", "docs/protocol.md"])("%s tells the truth", (page) => {
  const documented = conversations(page);

  test("about at least one conversation", () => {
    expect(documented.length).toBeGreaterThan(0);
  });

  test.each(documented.map((lines, index) => ({ lines, name: `${index + 1}: ${lines[0]?.text}` })))(
    "in conversation $name",
    ({ lines }) => hold(lines),
  );
});
