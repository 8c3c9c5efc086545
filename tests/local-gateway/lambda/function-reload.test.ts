import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeFunctionReport,
  type FunctionReport,
} from "../../../local-gateway/lambda/function-report.ts";
import { openBuilder } from "../../../local-gateway/lambda/reload/builder.ts";
import { FunctionReload } from "../../../local-gateway/lambda/reload/reload.ts";
import type { WatchDirectory } from "../../../local-gateway/lambda/reload/watch.ts";
import { FakeClock } from "../../client/support/fake-clock.ts";
import { Inbox } from "../support/inbox.ts";
import { defineFunction } from "./define-function.ts";
import { payloadOf } from "./payload-of.ts";
import { startPool } from "./start-pool.ts";

const version = (text: string) => `export const handler = async () => "${text}";\n`;

/** A system that watches directories, or throws as one whose limit is reached. */
function createSystem() {
  const listeners = new Map<string, (name: string) => void>();
  const watched = new Inbox<string>();
  let limit: NodeJS.ErrnoException | undefined;
  const watchDirectory: WatchDirectory = (path, listener) => {
    if (limit !== undefined) {
      throw limit;
    }
    listeners.set(path, (name) => listener("change", name));
    watched.put(path);
    const watcher = { on: () => watcher, close: () => listeners.delete(path) };
    return watcher as unknown as ReturnType<WatchDirectory>;
  };
  return {
    watchDirectory,
    watched,
    changed: (path: string, name: string) => listeners.get(path)?.(name),
    setLimit(code: string | undefined) {
      const message = `${code}: System limit for number of file watchers reached, watch`;
      limit = code === undefined ? undefined : Object.assign(new Error(message), { code });
    },
  };
}

/** Reloads a function of one file and one empty folder, on a clock and with changes that the test decides. */
async function startReload(system = createSystem()) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "reload-")));
  const file = join(folder, "index.mjs");
  await writeFile(file, version("v0"));
  await mkdir(join(folder, "lib"));
  const builder = await openBuilder(defineFunction({ codePath: folder }), folder, false);
  let builds = 0;
  const counted = {
    build: () => {
      builds += 1;
      return builder.build();
    },
    close: () => builder.close(),
  };
  const load = { root: folder, handler: "index.handler", runtime: "nodejs24.x" };
  const fn = await startPool("index.handler", {
    load: { type: "load", ...load, logFormat: "Text", logLevel: "TRACE", context: {} },
  });
  const clock = new FakeClock();
  const reports = new Inbox<FunctionReport>();
  const reload = new FunctionReload(await builder.build(), {
    builder: counted,
    pool: fn.pool,
    // A definition of its own for each build, as every build has.
    environmentOf: () => ({ ...fn.definition }),
    report: (report) => reports.put(report),
    watchDirectory: system.watchDirectory,
    clock,
  });
  return {
    folder,
    clock,
    reports,
    get builds() {
      return builds;
    },
    invoke: () => payloadOf(fn.pool.invoke({})),
    async save(text: string) {
      await writeFile(file, text);
      system.changed(folder, "index.mjs");
    },
    /** Saves a link that leads to itself. */
    async saveUnreadable() {
      await rm(file);
      await symlink(file, file);
      system.changed(folder, "index.mjs");
    },
    async [Symbol.asyncDispose]() {
      await reload.close();
      await fn[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

test("a file that is written empty and then filled is one change", async () => {
  await using fn = await startReload();
  await fn.save("");
  await fn.clock.advance(499);
  expect(fn.builds).toBe(0);
  await fn.save(version("v1"));
  await fn.clock.advance(30);
  expect(await fn.reports.take()).toMatchObject({ kind: "reloaded" });
  expect(fn.builds).toBe(1);
  expect(await fn.invoke()).toBe("v1");
  expect(fn.reports.size).toBe(0);
});

test("a file that stays empty is a change too", async () => {
  await using fn = await startReload();
  await fn.save("");
  await fn.clock.advance(500);
  expect(await fn.reports.take()).toMatchObject({
    kind: "not reloaded",
    problem: expect.stringContaining("Runtime.HandlerNotFound"),
  });
});

test("a file that becomes unreadable is a change, and the code from before goes on", async () => {
  await using fn = await startReload();
  expect(await fn.invoke()).toBe("v0");
  await fn.saveUnreadable();
  await fn.clock.advance(30);
  expect(await fn.reports.take()).toMatchObject({ kind: "not reloaded" });
  expect(await fn.invoke()).toBe("v0");
});

test("saves that follow each other closely are one change", async () => {
  await using fn = await startReload();
  await fn.save(version("v1"));
  await fn.clock.advance(29);
  await fn.save(version("v2"));
  await fn.clock.advance(29);
  expect(fn.builds).toBe(0);
  await fn.clock.advance(1);
  expect(await fn.reports.take()).toMatchObject({ kind: "reloaded" });
  expect(fn.builds).toBe(1);
});

test.each([
  ["ENOSPC", "fs.inotify.max_user_watches"],
  ["EMFILE", "fs.inotify.max_user_instances"],
])(
  "at the system's limit (%s) one line says that changes are missed, and the function runs on",
  async (code, setting) => {
    const system = createSystem();
    system.setLimit(code);
    await using fn = await startReload(system);
    const report = await fn.reports.take();
    expect(report).toMatchObject({ kind: "not watched", functionId: "Fn", directory: fn.folder });
    const { text, severity } = describeFunctionReport(report);
    expect(text).toMatch(`changes in ${fn.folder} do not reload Fn: ${code}`);
    expect(text).toContain(setting);
    expect(text).not.toContain("\n");
    expect(severity).toBe("warning");
    expect(await fn.invoke()).toBe("v0");
    expect(fn.reports.size).toBe(0);
  },
);

test("a directory that is removed just before it is watched is not reported", async () => {
  const system = createSystem();
  system.setLimit("ENOENT");
  await using fn = await startReload(system);
  expect(fn.reports.size).toBe(0);
  system.setLimit(undefined);
  expect(await system.watched.take()).toBe(fn.folder);
});

test("a directory that can be watched again is, with the changes that were missed", async () => {
  const system = createSystem();
  system.setLimit("ENOSPC");
  await using fn = await startReload(system);
  expect(await fn.reports.take()).toMatchObject({ kind: "not watched" });
  await fn.save(version("v1"));
  system.setLimit(undefined);
  expect(await system.watched.take()).toBe(fn.folder);
  await fn.clock.advance(30);
  expect(await fn.reports.take()).toMatchObject({ kind: "reloaded" });
  expect(await fn.invoke()).toBe("v1");
  await fn.save(version("v2"));
  await fn.clock.advance(30);
  expect(await fn.reports.take()).toMatchObject({ kind: "reloaded" });
});
