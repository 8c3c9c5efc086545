import { build } from "esbuild";
import { type LocalGateway, startLocalGateway } from "../../local-gateway/index.ts";
import { launchChromium } from "../demo/support/start-demo.ts";
import { testInBrowser } from "../demo/support/test-in-browser.ts";
import { INSTALL_TIMEOUT } from "../support/install-packages.ts";
import { environment, npm } from "../support/npm.ts";
import { NpmScript } from "../support/npm-script.ts";
import { packForExamples } from "./install-example.ts";

/** Time for a test that starts programs of an example, in milliseconds. */
const TIMEOUT = 60_000;

let examples: Awaited<ReturnType<typeof packForExamples>>;
/** The relay, which two of the examples talk to. */
let relay: LocalGateway;

beforeAll(async () => {
  [examples, relay] = await Promise.all([
    packForExamples(),
    startLocalGateway({ template: "template.yaml", quiet: true }),
  ]);
}, INSTALL_TIMEOUT);

afterAll(async () => {
  await relay?.close();
  await examples?.[Symbol.asyncDispose]();
});

describe("chat", () => {
  let folder: string;
  let page: Awaited<ReturnType<typeof serve>>;

  // Once: Vite serves nothing while an earlier process of its own seems to run.
  beforeAll(async () => {
    folder = await examples.install("chat");
    page = await serve(folder);
  }, INSTALL_TIMEOUT);

  afterAll(() => page?.[Symbol.asyncDispose]());

  /** Builds the page, and serves it as its README says; disposing ends the server. */
  async function serve(folder: string) {
    await npm(["run", "build"], folder, { VITE_RELAY_URL: relay.url });
    const args = ["run", "preview", "--", "--host", "127.0.0.1", "--port", "0"];
    const server = new NpmScript(args, { cwd: folder, env: environment(process.execPath) });
    const [, url = ""] = await server.prints(/Local: +(http:\S+)/);
    return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  test("the page is built and served", async () => {
    const html = await (await fetch(page.url)).text();
    expect(html).toContain("<title>Chat</title>");
    const [, script = ""] = /src="([^"]+\.js)"/.exec(html) ?? [];
    expect(await (await fetch(new URL(script, page.url))).text()).toContain(relay.url);
  });

  testInBrowser("two pages talk, and a name that is not valid is explained", async () => {
    await using browser = await launchChromium();
    const problems: string[] = [];
    const join = async (user: string) => {
      const window = await (await browser.newContext()).newPage();
      window.on("pageerror", ({ message }) => problems.push(message));
      window.on("console", (line) => line.type() === "error" && problems.push(line.text()));
      await window.goto(page.url);
      await window.getByLabel("Your name").fill(user);
      await window.getByRole("button", { name: "Join" }).click();
      return window;
    };
    const write = async (window: Awaited<ReturnType<typeof join>>, text: string) => {
      await window.getByLabel("Message", { exact: true }).fill(text);
      await window.getByRole("button", { name: "Send" }).click();
    };

    const alice = await join("alice");
    await alice.getByText("open", { exact: true }).waitFor();
    const bob = await join("bob");
    await bob.getByText("open", { exact: true }).waitFor();
    await write(alice, "Hello, Bob!");
    await bob.getByText("alice Hello, Bob!").waitFor();
    await alice.getByText("alice Hello, Bob! Delivered to 1").waitFor();
    await write(bob, "Hello, Alice!");
    await alice.getByText("bob Hello, Alice!").waitFor();
    // On plain HTTP and another host than localhost, browsers make no UUIDs.
    await alice.evaluate(() => Object.defineProperty(crypto, "randomUUID", { value: undefined }));
    await write(alice, "No UUID.");
    await bob.getByText("alice No UUID.").waitFor();
    expect(await bob.getByRole("listitem").allTextContents()).toEqual([
      "alice Hello, Bob! ",
      expect.stringMatching(/^bob Hello, Alice! /),
      "alice No UUID. ",
    ]);

    const nobody = await join("no name");
    expect(await nobody.getByRole("alert").textContent()).toContain("INVALID_OPTION");
    expect(problems).toEqual([]);
  });

  testInBrowser("the hook shows no messages of the channel before", async () => {
    const program = `
      import { createElement, useState } from "react";
      import { createRoot } from "react-dom/client";
      import { useChannel } from "./src/use-channel.ts";
      function Page() {
        const [channel, setChannel] = useState("first");
        const { connection, messages, send } = useChannel("alice", channel);
        return [
          createElement("output", { key: 1 }, channel + " " + connection.state),
          createElement("button", { key: 2, onClick: () => send("Hello!") }, "Send"),
          createElement("button", { key: 3, onClick: () => setChannel("second") }, "Change"),
          ...messages.map(({ id, text }) => createElement("p", { key: id }, text)),
        ];
      }
      createRoot(document.body).render(createElement(Page));`;
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: folder },
      bundle: true,
      write: false,
      format: "esm",
      define: {
        "import.meta.env.VITE_RELAY_URL": JSON.stringify(relay.url),
        "process.env.NODE_ENV": '"production"',
      },
    });
    await using browser = await launchChromium();
    const window = await (await browser.newContext()).newPage();
    await window.addScriptTag({ type: "module", content: outputFiles[0]?.text ?? "" });
    await window.getByText("first open", { exact: true }).waitFor();
    await window.getByRole("button", { name: "Send" }).click();
    await window.getByText("Hello!", { exact: true }).waitFor();
    await window.getByRole("button", { name: "Change" }).click();
    await window.getByText("second open", { exact: true }).waitFor();
    expect(await window.getByText("Hello!", { exact: true }).count()).toBe(0);
  });
});

describe("notifications", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await examples.install("notifications");
  }, INSTALL_TIMEOUT);

  /** What is not of local.env: the relay of the test has another port. */
  const variables = () => ({
    RELAY_URL: relay.url,
    AWS_ENDPOINT_URL_LAMBDA: new URL(relay.managementUrl).origin,
  });

  test(
    "a user's program prints what the backend publishes",
    async () => {
      await using receiver = new NpmScript(["run", "local:receive", "--", "alice"], {
        cwd: folder,
        env: { ...environment(process.execPath), ...variables() },
      });
      await receiver.prints(/^Waiting for notifications for alice\.$/);
      const publish = ["run", "local:publish", "--", "alice", "Your invoice is ready."];
      expect(await npm(publish, folder, variables())).toContain(
        "Delivered: 1. Gone: 0. Failed: 0.",
      );
      await receiver.prints(/^billing: Your invoice is ready\.$/);
    },
    TIMEOUT,
  );

  test(
    "the backend learns that nobody received it",
    async () => {
      const publish = ["run", "local:publish", "--", "bob", "Your invoice is ready."];
      expect(await npm(publish, folder, variables())).toContain("bob is not connected.");
    },
    TIMEOUT,
  );
});

describe("own-app", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await examples.install("own-app");
  }, INSTALL_TIMEOUT);

  test(
    "its tests pass on the local gateway",
    async () => {
      expect(await npm(["test"], folder)).toMatch(/Tests +8 passed/);
    },
    TIMEOUT,
  );
});

test(
  "the tests of the app in CDK pass on the local gateway",
  async () => {
    const folder = await examples.install("cdk");
    expect(await npm(["test"], folder)).toMatch(/pass 2\n/);
  },
  INSTALL_TIMEOUT,
);
