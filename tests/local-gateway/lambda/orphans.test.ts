import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startQuestionServer } from "./question-server.ts";

test.each(["index.asks", "index.loopsWhileAsking", "index.startsProcess"])(
  "when the gateway is killed what runs %s ends too",
  async (handler) => {
    await using server = await startQuestionServer();
    const folder = await mkdtemp(join(tmpdir(), "parent-"));
    const parent = spawn(
      process.execPath,
      [join(import.meta.dirname, "fixtures", "parent.ts"), server.url, handler],
      { env: { TMPDIR: folder }, stdio: "ignore" },
    );
    // The environment has asked, and waits for an answer that never comes.
    const question = await server.next();
    const gone = once(question, "close");
    parent.kill("SIGKILL");
    await gone;
    expect(question.writableFinished).toBe(false);
    await rm(folder, { recursive: true });
  },
);
