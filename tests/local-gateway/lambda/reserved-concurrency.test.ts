import { wsConnect } from "../support/ws-connect.ts";
import { startQuestionServer } from "./question-server.ts";
import { startProject } from "./start-project.ts";

const HANDLER = `
export const handler = async ({ body }) => ({
  statusCode: 200,
  body: body.startsWith("http") ? await (await fetch(body)).text() : body,
});
`;

test("beyond the reserved concurrency a message ends in API Gateway's error frame", async () => {
  await using server = await startQuestionServer();
  await using project = await startProject(
    "typescript",
    { "src/handler.ts": HANDLER },
    { maxEnvironments: 1 },
  );
  const [one, two] = [await wsConnect(project.url), await wsConnect(project.url)];
  one.send(server.url);
  const question = await server.next();
  two.send("hello");
  expect(JSON.parse(await two.messages.take())).toMatchObject({ message: "Internal server error" });
  await project.line(/TooManyRequestsException/);
  question.end("answer");
  expect(await one.messages.take()).toBe("answer");
  two.send("hello");
  expect(await two.messages.take()).toBe("hello");
});
