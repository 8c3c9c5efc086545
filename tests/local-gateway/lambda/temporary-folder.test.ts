import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startQuestionServer } from "./question-server.ts";

const PARENT = join(import.meta.dirname, "fixtures", "parent.ts");

test("the folder that a killed gateway has left is removed at the next start, and no other", async () => {
  await using server = await startQuestionServer();
  const folder = await mkdtemp(join(tmpdir(), "folders-"));
  /** Starts a gateway whose function is busy. */
  const start = async () => {
    const gateway = spawn(process.execPath, [PARENT, server.url], {
      env: { TMPDIR: folder },
      stdio: "ignore",
    });
    await server.next();
    const stop = async () => {
      const exited = once(gateway, "exit");
      gateway.kill("SIGKILL");
      await exited;
    };
    return { pid: gateway.pid, [Symbol.asyncDispose]: stop };
  };
  await using stack = new AsyncDisposableStack();
  const running = stack.use(await start());
  let killed = 0;
  {
    await using gateway = await start();
    killed = gateway.pid ?? 0;
  }
  const left = (await readdir(folder)).find((name) => name.includes(`-${killed}-`)) ?? "";
  expect(left).toMatch(/^local-gateway-/);
  const others = [
    "local-gateway-notes",
    // Of a container with the same folder: its process ids are not those of this one.
    left.replace(/-[0-9a-f]{8}-/, "-00000000-"),
  ];
  for (const name of others) {
    await mkdir(join(folder, name));
  }
  const next = stack.use(await start());
  const names = await readdir(folder);
  expect(names).not.toContain(left);
  expect(names).toEqual(
    expect.arrayContaining([
      ...others,
      expect.stringContaining(`-${running.pid}-`),
      expect.stringContaining(`-${next.pid}-`),
    ]),
  );
  await stack.disposeAsync();
  await rm(folder, { recursive: true });
});
