import { pageDefaults } from "../../demo/page-defaults.ts";

test("by default the page talks to the relay that serves it, in the lobby", () => {
  expect(pageDefaults("http://127.0.0.1:3300/")).toEqual({
    url: "ws://127.0.0.1:3300/dev",
    isNamed: false,
    user: "",
    channel: "lobby",
  });
  expect(pageDefaults("https://chat.example/").url).toBe("wss://chat.example/dev");
});

test("the page's address may name another relay, the user and the channel", () => {
  const relay = "wss://k2v9xq41ab.execute-api.us-east-1.amazonaws.com/dev";
  expect(pageDefaults(`http://localhost/?url=${relay}&user=alice&channel=kitchen`)).toEqual({
    url: relay,
    isNamed: true,
    user: "alice",
    channel: "kitchen",
  });
});
