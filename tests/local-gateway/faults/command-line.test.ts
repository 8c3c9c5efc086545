import { fileURLToPath } from "node:url";
import { parseArguments, USAGE } from "../../../local-gateway/cli/arguments.ts";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { Inbox } from "../support/inbox.ts";
import { wsConnect } from "../support/ws-connect.ts";

const TEMPLATE = fileURLToPath(new URL("../start/fixtures/echo/template.yaml", import.meta.url));

test("faults are read from the command line, with a seed", () => {
  const args = "--fault postGone=0.1 --fault slowPost=1:250 --fault-seed 7";
  expect(parseArguments(args.split(" "))).toMatchObject({
    options: {
      faults: { postGone: 0.1, slowPost: { share: 1, milliseconds: 250 }, seed: 7 },
    },
  });
  expect(parseArguments(["--fault-seed", "7"])).not.toHaveProperty("options.faults");
});

test.each([
  ["--fault postGone", '--fault takes NAME=SHARE or NAME=SHARE:MILLISECONDS, not "postGone".'],
  ["--fault postGone=x", '--fault takes NAME=SHARE or NAME=SHARE:MILLISECONDS, not "postGone=x".'],
  ["--fault postGone=2", "The fault postGone takes a share from 0 to 1, not 2."],
  ["--fault postGone=1:5", "The fault postGone takes a share only, not milliseconds."],
  ["--fault postGone=1 --fault postGone=0", "--fault postGone is given twice."],
  ["--fault-seed x", '--fault-seed takes a whole number from 0 to 4294967295, not "x".'],
])("%s is rejected in one sentence", (args, sentence) => {
  expect(() => parseArguments(args.split(" "))).toThrow(
    expect.objectContaining({ code: "INVALID_OPTION", message: sentence }),
  );
});

test("--help names the faults", () => {
  expect(USAGE).toContain("postThrottled, postError, cutPost, slowPost");
});

test("a triggered fault is named in the log, and reaches the function", async () => {
  const lines = new Inbox<string>();
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    faults: { postGone: 1 },
    onLine: (line) => lines.put(line),
  });
  await using _ = { [Symbol.asyncDispose]: () => gateway.close() };
  const client = await wsConnect(gateway.url);
  client.send('{"action":"post"}');
  expect(await client.messages.take()).toContain("Internal server error");
  let line = await lines.take();
  while (!line.includes("fault ")) {
    line = await lines.take();
  }
  expect(line).toMatch(/^[\w-]{8} {2}fault {7}postGone: POST answered with 410, nothing sent$/);
});
