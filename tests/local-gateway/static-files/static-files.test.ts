import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StaticFiles } from "../../../local-gateway/static-files.ts";
import { rawExchange } from "../support/raw-exchange.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

const FILES = join(import.meta.dirname, "fixtures/files");
const SECRET = "not to be served";

/** A gateway that serves a folder. */
async function serve(directory = FILES) {
  const gateway = await startGateway({ staticFiles: await StaticFiles.of(directory) });
  const { origin } = new URL(gateway.managementUrl);
  return {
    ...gateway,
    origin,
    get: (path: string, options?: RequestInit) => fetch(`${origin}${path}`, options),
    /** The status line of the answer to a target that fetch would mend before sending it. */
    statusOf: async (target: string) => {
      const request = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
      const answer = await rawExchange(gateway.port, request);
      expect(answer).not.toContain(SECRET);
      return Number(answer.split(" ")[1]);
    },
  };
}

describe("a file", () => {
  test.each([
    ["/", "text/html; charset=utf-8", "<title>Files</title>"],
    ["/index.html", "text/html; charset=utf-8", "<title>Files</title>"],
    ["/?url=wss://example.com/dev", "text/html; charset=utf-8", "<title>Files</title>"],
    ["/deeper/", "text/html; charset=utf-8", "<title>Deeper</title>"],
    ["/main.js", "text/javascript; charset=utf-8", "export const answer = 42;"],
    ["/m%61in.js", "text/javascript; charset=utf-8", "export const answer = 42;"],
    ["/style.css", "text/css; charset=utf-8", "body { margin: 0 }"],
  ])("is served at %s as %s", async (path, type, content) => {
    await using gateway = await serve();
    const answer = await gateway.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(await answer.text()).toContain(content);
  });

  test("of an unknown kind is bytes, and an empty one is empty", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "data.unknown"), "");
    await using gateway = await serve(folder.path);
    const answer = await gateway.get("/data.unknown");
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-length")).toBe("0");
    expect(await answer.text()).toBe("");
  });

  test("arrives whole when it is large", async () => {
    await using folder = await temporaryFolder();
    const large = "0123456789".repeat(100_000);
    await writeFile(join(folder.path, "large.txt"), large);
    await using gateway = await serve(folder.path);
    expect(await (await gateway.get("/large.txt")).text()).toBe(large);
  });

  test("that its reader does not take to the end is not an error", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "large.txt"), Buffer.alloc(64 * 1024 * 1024));
    const files = await StaticFiles.of(folder.path);
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    const server = createServer((request, response) =>
      resolve(files.answer(request, response, "/large.txt")),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write("GET /large.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
    socket.resetAndDestroy();
    await expect(answered).resolves.toBeUndefined();
    server.close();
  });

  test("is served anew once it has changed", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "page.html"), "before");
    await using gateway = await serve(folder.path);
    expect(await (await gateway.get("/page.html")).text()).toBe("before");
    await writeFile(join(folder.path, "page.html"), "afterwards");
    const answer = await gateway.get("/page.html");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(await answer.text()).toBe("afterwards");
  });

  test("answers HEAD with its headers alone", async () => {
    await using gateway = await serve();
    const head = await gateway.get("/main.js", { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe("26");
    expect(await head.text()).toBe("");
  });
});

test.each(["/", "/main.js", "/missing"])(
  "%s comes with a strict policy, and is what its type says",
  async (path) => {
    await using gateway = await serve();
    const { headers } = await gateway.get(path);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  },
);

describe("404 is the answer", () => {
  test("in words, for a file that is not there", async () => {
    await using gateway = await serve();
    const answer = await gateway.get("/missing.html");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await answer.text()).toBe("There is no such file.\n");
  });

  test.each([
    "/deeper",
    "/main.js/",
    "/main.js/x",
    "/../secret.txt",
    "/../../../../../../../../etc/passwd",
    "/deeper/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "//../secret.txt",
    "//etc/passwd",
    "/main.js%00.html",
    "/%00",
    "/%",
    "/%ff",
    "/.hidden",
    "/%2ehidden",
    "/.git/config",
    "/deeper/.hidden",
    "/outside.txt",
    "/outside/secret.txt",
    "/to-hidden",
    "/to-nowhere",
    "/circle",
    "/empty/",
    "/../served/main.js",
    "/.visible",
    "*",
    "http://127.0.0.1/main.js",
  ])("for %j", async (target) => {
    await using folder = await folderWithTraps();
    await using gateway = await serve(join(folder.path, "served"));
    expect(await gateway.statusOf(target)).toBe(404);
  });

  test("for a name that is too long for a file system", async () => {
    await using gateway = await serve();
    expect(await gateway.statusOf(`/${"long".repeat(200)}`)).toBe(404);
  });

  test("for no link that stays inside, and the folder itself may be a link", async () => {
    await using folder = await folderWithTraps();
    await using gateway = await serve(join(folder.path, "link-to-served"));
    expect(await gateway.statusOf("/main.js")).toBe(200);
    expect(await gateway.statusOf("/inside.js")).toBe(200);
  });
});

describe("next to the files", () => {
  test("the stage's path is the API's: upgrades, 426, management calls and 403", async () => {
    await using gateway = await serve();
    const client = await wsConnect(gateway.url);
    const { connectionId } = (await gateway.events.take()).requestContext;
    expect((await gateway.get("/live")).status).toBe(426);
    expect((await gateway.get("/live/")).status).toBe(426);
    expect((await gateway.get("/live/main.js")).status).toBe(426);
    expect((await gateway.get("/live/main.js", { method: "HEAD" })).status).toBe(403);
    expect((await gateway.get("/@connections/main.js")).status).toBe(403);
    const call = `${gateway.managementUrl}/@connections/${connectionId}`;
    expect((await signedFetch(call, { method: "POST", body: "hello" })).status).toBe(200);
    expect(await client.messages.take()).toBe("hello");
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is forbidden", async (method) => {
    await using gateway = await serve();
    const answer = await gateway.get("/main.js", { method });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toBe('{"message":"Forbidden"}');
  });

  test("a gateway without a folder forbids every path", async () => {
    await using gateway = await startGateway();
    const { origin } = new URL(gateway.managementUrl);
    for (const path of ["/", "/index.html", "/missing"]) {
      expect((await fetch(`${origin}${path}`)).status).toBe(403);
    }
  });
});

test.each(["nowhere", join(FILES, "main.js")])(
  "%s is not a folder that can be served",
  async (directory) => {
    await expect(StaticFiles.of(directory)).rejects.toThrow(
      `Cannot serve the files of ${JSON.stringify(directory)}: it is not a folder.`,
    );
  },
);

async function temporaryFolder() {
  const path = await realpath(await mkdtemp(join(tmpdir(), "static-files-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A folder to serve, with secrets in it and around it, and links to them. */
async function folderWithTraps() {
  const folder = await temporaryFolder();
  const served = join(folder.path, "served");
  for (const directory of [".git", "deeper", "empty"]) {
    await mkdir(join(served, directory), { recursive: true });
  }
  for (const file of [
    "secret.txt",
    "served/.hidden",
    "served/.git/config",
    "served/deeper/.hidden",
  ]) {
    await writeFile(join(folder.path, file), SECRET);
  }
  await writeFile(join(served, "main.js"), "");
  await symlink("../secret.txt", join(served, "outside.txt"));
  await symlink("..", join(served, "outside"));
  await symlink(".hidden", join(served, "to-hidden"));
  await symlink("main.js", join(served, ".visible"));
  await symlink("missing", join(served, "to-nowhere"));
  await symlink("circle", join(served, "circle"));
  await symlink("main.js", join(served, "inside.js"));
  await symlink("served", join(folder.path, "link-to-served"));
  return folder;
}
