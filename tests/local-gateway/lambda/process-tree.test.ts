import { once } from "node:events";
import { startQuestionServer } from "./question-server.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";

test.each([
  ["is stopped", "return", false],
  ["is stopped", "return", true],
  ["times out", "hang", false],
  ["times out", "hang", true],
  ["exits by itself", "exit", false],
])(
  "when an environment %s (%s), the process that its function started (detached: %j) ends too",
  async (_end, then, detached) => {
    await using server = await startQuestionServer();
    await using fn = await startFunctionUnderTest({ handler: "index.startsProcess", timeout: 5 });
    const result = fn.invoke({ url: server.url, detached, then });
    const first = await server.next();
    const questions = then === "exit" ? [first, await server.next()] : [first];
    const ofProcess = questions.find(({ req }) => req.url === "/process");
    const gone = ofProcess && once(ofProcess, "close");
    for (const question of questions) {
      if (question !== ofProcess) {
        question.end();
      }
    }
    if (then === "return") {
      await result;
      await fn.lambda.close();
    }
    await gone;
    expect(ofProcess?.writableFinished).toBe(false);
  },
);
