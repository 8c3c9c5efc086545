import { fileURLToPath } from "node:url";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { LogLines } from "./log-lines.ts";

const TEMPLATE = fileURLToPath(new URL("../../../template.yaml", import.meta.url));

const BACKGROUND_CALL = /Lambda would have frozen it/;

test("the relay's own function leaves no call behind in a whole conversation", async () => {
  const lines = new LogLines();
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    onLine: (line) => lines.add(line),
  });
  const [one, two] = [await wsConnect(gateway.url), await wsConnect(gateway.url)];
  const send = (client: typeof one, content: object) =>
    client.send(JSON.stringify({ action: "sendMessageRoute", ...content }));
  send(two, {});
  const id = (await two.messages.take()).replace("YOUR ID: ", "");
  for (let number = 0; number < 20; number += 1) {
    send(one, { data: `hello ${number}`, forward: id });
    expect(await two.messages.take()).toBe(`hello ${number}`);
  }
  one.send("nothing that is known");
  expect(await one.messages.take()).toBe("Undefined Route Detected!");
  two.webSocket.close();
  await lines.find("disconnect ");
  send(one, { data: "after the end", forward: id });
  expect(await one.messages.take()).toContain("TARGET_GONE");
  one.webSocket.close();
  await gateway.close();
  expect(lines.all.filter((line) => BACKGROUND_CALL.test(line))).toEqual([]);
  expect(lines.all.length).toBeGreaterThan(20);
});
