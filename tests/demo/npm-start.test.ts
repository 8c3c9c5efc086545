import { NpmStart } from "../support/npm-script.ts";

test("npm start builds the chat page, serves it, and says where", async () => {
  await using npmStart = new NpmStart("--port", "0");
  const [, page = ""] = await npmStart.prints(/^ {2}Page +(http:\/\/127\.0\.0\.1:\d+\/)$/);
  const answer = await fetch(page);
  expect(await answer.text()).toContain("<title>Relay chat</title>");
  expect((await fetch(`${page}main.js`)).status).toBe(200);
  expect([0, null]).toContain(await npmStart.interrupt());
}, 30_000);
