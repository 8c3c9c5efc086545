import { wsConnect } from "../local-gateway/support/ws-connect.ts";
import { wsRejection } from "../local-gateway/support/ws-rejection.ts";
import { showToken } from "../support/show-token.ts";
import { startGuardedRelay } from "../support/start-guarded-relay.ts";

/** How much of each part of a token is looked for, in characters: a line may be cut, and no id has it by chance. */
const TRACE = 12;

const FORWARDS = [undefined, { user: "alice@example.com" }, { user: "nobody" }];

describe.each([false, true])("With logBodies %p", (logBodies) => {
  test("a token is in no line that is reported, not in the table, in no frame and in no rejection", async () => {
    await using relay = await startGuardedRelay({ logBodies });
    const { url, issuer, lines } = relay;
    const [valid, bad] = [relay.issue(), relay.issue({ aud: "another" })];

    const { answer } = issuer;
    issuer.answer = (request) => request.socket.destroy();
    const rejections = [await wsRejection(url, showToken.inHeader(valid))];
    issuer.answer = answer;
    rejections.push(await wsRejection(`${url}?token=${valid}`));
    const frames: string[] = [];
    for (const show of [showToken.inHeader, showToken.inSubprotocol]) {
      rejections.push(await wsRejection(url, show(bad)));
      rejections.push(await wsRejection(`${url}?channel=board`, show(valid)));
      rejections.push(await wsRejection(url, { ...show(valid), origin: "https://evil.example" }));
      const alice = await wsConnect(`${url}?channel=lobby`, show(valid));
      for (const forward of FORWARDS) {
        alice.send(JSON.stringify({ action: "sendMessageRoute", data: "hi", forward }));
        frames.push(await alice.messages.take());
      }
    }
    expect(rejections.map(({ status }) => status)).toEqual([
      500, 401, 401, 403, 403, 401, 403, 403,
    ]);
    const rows = await relay.registered();
    expect(rows).toHaveLength(2);

    await relay.close();
    const reported = lines.join("\n");
    expect(reported).toContain("The issuer's keys cannot be had");
    expect(reported).toContain("unauthenticated");
    expect(reported.includes("YOUR ID: ")).toBe(logBodies);
    const everything = JSON.stringify([lines, rows, frames, rejections]);
    for (const part of [valid, bad].flatMap((token) => token.split("."))) {
      expect(everything).not.toContain(part.slice(0, TRACE));
    }
  });
});
