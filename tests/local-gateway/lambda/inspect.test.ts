import { once } from "node:events";
import { realpath } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { FunctionReport } from "../../../local-gateway/lambda/function-report.ts";
import type { Inbox } from "../support/inbox.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { attachDebugger } from "./attach-debugger.ts";
import { readSourceMap } from "./read-source-map.ts";
import { startFunctionUnderTest } from "./start-function-under-test.ts";
import { startProject } from "./start-project.ts";

const HANDLER = `type Event = { readonly body: string };

export const handler = async ({ body }: Event) => {
  const answer: string = \`one \${body}\`;
  return { statusCode: 200, body: answer };
};
`;

const ATTACH = /^a debugger can attach to Fn at (ws:\S+)$/;

/** Takes reports up to one that a debugger can attach. */
async function inspectedAt(reports: Inbox<FunctionReport>): Promise<string> {
  const report = await reports.take();
  return report.kind === "inspected" ? report.url : await inspectedAt(reports);
}

test("a breakpoint in the TypeScript source stops there, with the source's own names", async () => {
  await using project = await startProject(
    "typescript",
    { "src/handler.ts": HANDLER },
    { inspect: 0 },
  );
  const [, url = ""] = ATTACH.exec(await project.line(ATTACH)) ?? [];
  await using attached = await attachDebugger(url);
  await attached.command("Debugger.enable");
  let script = await attached.scripts.take();
  while (!script.url.endsWith("/Fn/handler.mjs")) {
    script = await attached.scripts.take();
  }
  const map = await readSourceMap(script);
  const source = { path: join(await realpath(project.folder), "src/handler.ts"), line: 5 };
  const place = map.builtFrom(source.path, source.line);
  await attached.command("Debugger.setBreakpointByUrl", { url: script.url, ...place });
  const client = await wsConnect(project.url);
  client.send("hello");
  const [frame] = (await attached.pauses.take()).callFrames;
  const { lineNumber = 0, columnNumber = 0 } = frame?.location ?? {};
  expect(map.sourceOf(lineNumber, columnNumber)).toEqual(source);
  expect(
    await attached.command("Debugger.evaluateOnCallFrame", {
      callFrameId: frame?.callFrameId,
      expression: "answer",
    }),
  ).toMatchObject({ result: { value: "one hello" } });
  await attached.command("Debugger.resume");
  expect(await client.messages.take()).toBe("one hello");
});

test("a reload keeps the port", async () => {
  await using project = await startProject(
    "typescript",
    { "src/handler.ts": HANDLER },
    { inspect: 0 },
  );
  const [, before = ""] = ATTACH.exec(await project.line(ATTACH)) ?? [];
  const client = await wsConnect(project.url);
  client.send("hello");
  expect(await client.messages.take()).toBe("one hello");
  await project.write("src/handler.ts", HANDLER.replace("one", "two"));
  const [, after = ""] = ATTACH.exec(await project.line(ATTACH)) ?? [];
  await project.line(/^reloaded Fn in/);
  expect(new URL(after).host).toBe(new URL(before).host);
  await using attached = await attachDebugger(after);
  expect(await attached.command("Runtime.evaluate", { expression: "1 + 1" })).toMatchObject({
    result: { value: 2 },
  });
  client.send("hello");
  expect(await client.messages.take()).toBe("two hello");
});

test("when new code does not load, the code from before comes back to the port", async () => {
  await using project = await startProject(
    "typescript",
    { "src/handler.ts": HANDLER },
    { inspect: 0 },
  );
  const [, before = ""] = ATTACH.exec(await project.line(ATTACH)) ?? [];
  await project.write("src/handler.ts", `${HANDLER}throw new Error("no");\n`);
  await project.line(ATTACH);
  const [, after = ""] = ATTACH.exec(await project.line(ATTACH)) ?? [];
  expect(new URL(after).host).toBe(new URL(before).host);
  await project.line(/^not reloaded, the code from before goes on: Fn does not load: Error: no \(/);
  const client = await wsConnect(project.url);
  client.send("hello");
  expect(await client.messages.take()).toBe("one hello");
});

test("an environment that a debugger has stopped does not time out, and events wait for it", async () => {
  await using fn = await startFunctionUnderTest({ timeout: 0.2 }, { inspect: 0 });
  await using attached = await attachDebugger(await inspectedAt(fn.reports));
  await attached.command("Debugger.enable");
  await attached.command("Debugger.pause");
  const events = [fn.invoke({ number: 1 }), fn.invoke({ number: 2 })];
  await attached.pauses.take();
  const begin = performance.now();
  while (performance.now() - begin < 500) {
    await attached.command("Runtime.evaluate", { expression: "1" });
  }
  await attached.command("Debugger.resume");
  expect(await Promise.all(events)).toMatchObject([
    { outcome: "returned", payload: { event: { number: 1 } } },
    { outcome: "returned", payload: { event: { number: 2 } } },
  ]);
});

test("a port in use is an error with advice", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  await expect(startFunctionUnderTest({}, { inspect: port })).rejects.toThrow(
    expect.objectContaining({
      code: "PORT_IN_USE",
      message: `The debugger of Fn cannot listen on 127.0.0.1:${port}: another program uses the port. Choose another first port with --inspect=PORT; --inspect=0 takes any that are free.`,
    }),
  );
  const closed = once(taken, "close");
  taken.close();
  await closed;
});

test("a debugger and a cap on environments contradict each other", async () => {
  await expect(startFunctionUnderTest({}, { inspect: 0, maxEnvironments: 2 })).rejects.toThrow(
    expect.objectContaining({
      code: "INVALID_OPTION",
      message: "With inspect a function has one environment: leave maxEnvironments out.",
    }),
  );
});
