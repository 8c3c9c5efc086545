import { execFile } from "node:child_process";

/** Runs `npm run invoke -- events/NAME.json`, which invokes the built bundle, and gives what it printed, line by line. */
async function invoke(name: string): Promise<{ readonly code: unknown; readonly lines: string[] }> {
  return await new Promise((resolve) => {
    const args = ["run", "--silent", "invoke", "--", `events/${name}.json`];
    execFile("npm", args, (error, stdout) =>
      resolve({ code: error?.code ?? 0, lines: stdout.trimEnd().split("\n") }),
    );
  });
}

function answer(body: string): string[] {
  return ["{", '  "statusCode": 200,', `  "body": "${body}"`, "}"];
}

describe("npm run invoke shows, for the built bundle and the event", () => {
  test("connect: the greeting and the registration", async () => {
    const { code, lines } = await invoke("connect");
    expect(code).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        ...answer("Connected! Hello WebSocket App!"),
        expect.stringMatching(/^PutItem /),
        expect.stringContaining("C51DherHNjMCI3Q="),
      ]),
    );
  });

  test("disconnect: the good-bye and the removal", async () => {
    const { code, lines } = await invoke("disconnect");
    expect(code).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        ...answer("Disconnected! Good-bye WebSocket App!"),
        expect.stringMatching(/^DeleteItem /),
      ]),
    );
  });

  test.each([
    ["who-am-i", "Send data!", "C51DherHNjMCI3Q=", "YOUR ID: C51DherHNjMCI3Q="],
    ["forward", "Send data!", "C50a8cvrtjMCI7w=", "Hello wscat2!"],
    ["invalid-message", "Send data!", "C51DherHNjMCI3Q=", '"code":"INVALID_MESSAGE"'],
  ])("%s: one post, and no write", async (name, body, to, text) => {
    const { code, lines } = await invoke(name);
    expect(code).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        ...answer(body),
        `POST @connections/${to}`,
        expect.stringContaining(text),
      ]),
    );
    expect(lines.filter((line) => /^(POST|PutItem|DeleteItem)/.test(line))).toHaveLength(1);
  });

  test("unknown-route: the answer, no post and no write", async () => {
    const { code, lines } = await invoke("unknown-route");
    expect(code).toBe(0);
    expect(lines).toEqual(answer("Undefined Route Detected!"));
  });

  test.each(["subscribe", "unsubscribe", "members", "history"])(
    "%s: the error to a connection that is not registered, and no write",
    async (name) => {
      const { code, lines } = await invoke(name);
      expect(code).toBe(0);
      expect(lines).toEqual(
        expect.arrayContaining([
          ...answer("Send data!"),
          "POST @connections/C51DherHNjMCI3Q=",
          expect.stringContaining('"code":"NOT_REGISTERED"'),
        ]),
      );
      expect(lines.filter((line) => /^(POST|PutItem|DeleteItem|Batch)/.test(line))).toHaveLength(1);
    },
  );

  test.each([
    ["backend-disconnect", '  "code": "TARGET_GONE",'],
    ["backend-unsubscribe", '  "relay": "receipt",'],
    ["backend-members", '  "members": []'],
    ["backend-history", '  "code": "INVALID_MESSAGE",'],
  ])("%s: what the backend gets, no post and no write", async (name, line) => {
    const { code, lines } = await invoke(name);
    expect(code).toBe(0);
    expect(lines).toEqual(expect.arrayContaining([line]));
    expect(lines.filter((it) => /^(POST|DELETE|PutItem|DeleteItem)/.test(it))).toEqual([]);
  });

  test("publish: the receipt, no post and no write", async () => {
    const { code, lines } = await invoke("publish");
    expect(code).toBe(0);
    expect(lines).toEqual(expect.arrayContaining(['  "relay": "receipt",', '  "delivered": 0,']));
    expect(lines.filter((line) => /^(POST|PutItem|DeleteItem)/.test(line))).toEqual([]);
  });
});
