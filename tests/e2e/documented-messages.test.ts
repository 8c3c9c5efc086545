import { readFileSync } from "node:fs";
import { startLocalGateway } from "../../local-gateway/index.ts";
import { invoke } from "../local-gateway/lambda-api/invoke.ts";
import { wsConnect } from "../local-gateway/support/ws-connect.ts";

const PAGE = "docs/protocol.md";
const BLOCKS = [...readFileSync(PAGE, "utf8").matchAll(/^```json\n(.*?)^```$/gms)].map(
  ([, block = ""]) => block,
);

let gateway: Awaited<ReturnType<typeof startLocalGateway>>;

beforeAll(async () => {
  const parameterOverrides = { HistoryHours: "24" };
  gateway = await startLocalGateway({ template: "template.yaml", parameterOverrides, quiet: true });
});

afterAll(() => gateway.close());

/** The page's only example with such a member: its text, and what it says. */
function example<Content>(member: string): { readonly text: string; readonly content: Content } {
  const found = BLOCKS.filter((block) => Object.hasOwn(JSON.parse(block), member));
  expect(found).toHaveLength(1);
  const [text = ""] = found;
  return { text, content: JSON.parse(text) };
}

describe(`The JSON of ${PAGE}`, () => {
  test("is one message and five events", () => {
    expect(BLOCKS).toHaveLength(6);
  });

  test("for sendMessageRoute takes its data to its connection, and brings a receipt", async () => {
    const { text, content } = example<Record<"data" | "forward" | "id", string>>("action");
    const [sender, target] = [await wsConnect(gateway.url), await wsConnect(gateway.url)];
    target.send('{"action":"sendMessageRoute","id":"q1"}');
    const { connectionId } = JSON.parse(await target.messages.take());

    sender.send(text.replace(content.forward, connectionId));
    expect(JSON.parse(await sender.messages.take())).toEqual({
      relay: "receipt",
      id: content.id,
      delivered: 1,
      gone: 0,
      failed: 0,
      complete: true,
    });
    expect(await target.messages.take()).toBe(content.data);
  });

  test("for members, unsubscribing and disconnecting does so to the user that it names", async () => {
    const channel = "lobby";
    const bob = await wsConnect(`${gateway.url}?user=bob&channel=${channel}`);
    const { origin } = new URL(gateway.managementUrl);
    const { region } = gateway;
    const invoked = async (member: string) => {
      const { text: payload } = example(member);
      const response = await invoke(origin, "local-RelayFunction", { payload, region });
      return await response.json();
    };
    expect(await invoked("members")).toMatchObject({
      relay: "members",
      channel,
      members: [{ user: "bob" }],
    });
    expect(await invoked("unsubscribe")).toMatchObject({ relay: "receipt", delivered: 1 });
    expect(JSON.parse(await bob.messages.take())).toEqual({ relay: "unsubscribed", channel });
    expect(await invoked("disconnect")).toMatchObject({ id: "d1", delivered: 1 });
    const { content } = example<{ disconnect: { reason: string } }>("disconnect");
    const { reason } = content.disconnect;
    expect(JSON.parse(await bob.messages.take())).toEqual({ relay: "closed", reason });
    await bob.closed;
  });

  test("for publishing takes its data to its channel, in the name of its service, where the one for history finds it", async () => {
    const { text, content } = example<{
      readonly publish: { to: { channel: string }; data: object; id: string; from: string };
    }>("publish");
    const { to, data, id, from } = content.publish;
    const member = await wsConnect(`${gateway.url}?channel=${to.channel}`);

    const { origin } = new URL(gateway.managementUrl);
    const { region } = gateway;
    const response = await invoke(origin, "local-RelayFunction", { payload: text, region });
    expect(await response.json()).toMatchObject({ relay: "receipt", id, delivered: 1 });
    const message = JSON.parse(await member.messages.take());
    expect(message).toMatchObject({ relay: "message", from: { service: from }, to, data, id });

    const { text: question } = example("history");
    const answer = await invoke(origin, "local-RelayFunction", { payload: question, region });
    expect(await answer.json()).toMatchObject({ relay: "history", messages: [message] });
  });
});
