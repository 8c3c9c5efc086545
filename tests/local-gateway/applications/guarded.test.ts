import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";
import { startApplication } from "./start-application.ts";

test("one function lets in, and the other, a bundled SDK, answers at the address of the event", async () => {
  await using application = await startApplication("guarded");
  const client = await wsConnect(`${application.url}?token=secret-of-ada`);
  client.send("hello");
  expect(await client.messages.take()).toBe("Hello, Ada!");
  expect(await wsRejection(`${application.url}?token=guessed`)).toMatchObject({ status: 403 });
  expect(await wsRejection(application.url)).toMatchObject({ status: 401 });
});
