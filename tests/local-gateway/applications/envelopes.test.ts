import { wsConnect } from "../support/ws-connect.ts";
import { startApplication } from "./start-application.ts";

const LETTER = JSON.stringify({ envelope: { type: "letter", to: "Bob" } });

test.each([
  [{}, "Hello Bob!"],
  [{ Language: "fr" }, "Bonjour Bob !"],
])(
  "a path deep in the message chooses the route, and with %j the stage says %s",
  async (parameterOverrides, answer) => {
    await using application = await startApplication("envelopes", { parameterOverrides });
    const client = await wsConnect(application.url);
    client.send(LETTER);
    expect(await client.messages.take()).toBe(answer);
    client.send(JSON.stringify({ envelope: { type: "parcel" } }));
    expect(await client.messages.take()).toBe("Return to sender");
    client.send(JSON.stringify({ type: "letter" }));
    expect(await client.messages.take()).toBe("Return to sender");
  },
);
