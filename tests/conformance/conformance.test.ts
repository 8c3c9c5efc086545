import { fileURLToPath } from "node:url";
import { PROBES } from "../../conformance/probes.ts";
import { startLocalGateway } from "../../local-gateway/index.ts";
import { runConformance } from "./run-conformance.ts";
import { startEchoServer } from "./start-echo-server.ts";

const TEMPLATE = fileURLToPath(new URL("../../conformance/template.yaml", import.meta.url));

test("every row passes for the local gateway", async () => {
  const { code, lines } = await runConformance();
  expect(lines.filter((line) => /^(✗|–| {4})/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.startsWith("✓"))).toHaveLength(PROBES.length);
  expect(code).toBe(0);
}, 60_000);

test("a server that is not API Gateway fails almost every row, and so does the exit code", async () => {
  await using server = await startEchoServer();
  const urls = ["url", "bare-url", "authorizer-url", "iam-url", "throttled-url"];
  const { code, lines } = await runConformance(
    ...urls.flatMap((option) => [`--${option}`, server.url]),
    ...["--skip-slow", "--timeout", "1", "--concurrency", "20"],
  );
  const passed = lines.filter((line) => line.startsWith("✓")).map((line) => line.split(" ")[1]);
  // What any WebSocket server does.
  expect(passed).toEqual([
    "text-that-is-not-utf-8",
    "frame-against-the-protocol",
    "url-of-4096-characters",
    "no-connect-route",
    "plain-get",
    "plain-get-below-the-stage",
    "slash-after-the-stage",
    "handshake-against-the-protocol",
    "any-origin",
    "connect-2xx",
    "connect-headers-are-not-delivered",
    "signed-upgrade",
    "presigned-upgrade",
    "ping-is-answered",
    "close-is-answered",
    "compression-declined",
  ]);
  expect(code).toBe(1);
}, 60_000);

test("a gateway that runs already is asked by its URL", async () => {
  const gateway = await startLocalGateway({ template: TEMPLATE, onLine: () => {} });
  try {
    const rows = ["--only", "frame-over-32-kb,post,closed-connection", "--skip-slow"];
    const { code, lines } = await runConformance("--url", gateway.url, ...rows);
    expect(lines.slice(0, 3)).toEqual([
      "✓ frame-over-32-kb (documented)",
      "✓ post (recorded)",
      "✓ closed-connection (recorded)",
    ]);
    expect(code).toBe(0);
  } finally {
    await gateway.close();
  }
}, 30_000);

test("a row that fails says what was expected and what was seen", async () => {
  await using server = await startEchoServer();
  const row = ["--only", "two-way-no-body", "--timeout", "2"];
  const { code, lines } = await runConformance("--url", server.url, ...row);
  expect(lines.slice(0, 3)).toEqual([
    "✗ two-way-no-body (recorded)",
    "    expected ''",
    expect.stringMatching(/^ {4}seen {5}'\{"action":"answer",/),
  ]);
  expect(code).toBe(1);
});

test("a row whose application is not deployed is skipped, and says what it needs", async () => {
  await using server = await startEchoServer();
  const { code, lines } = await runConformance("--url", server.url, "--only", "no-route");
  expect(lines).toEqual([
    "– no-route (recorded): needs --bare-url",
    "",
    "documented   0 passed, 0 failed, 0 skipped",
    "recorded     0 passed, 0 failed, 1 skipped",
    "our default  0 passed, 0 failed, 0 skipped",
    "all          0 passed, 0 failed, 1 skipped",
    "",
  ]);
  expect(code).toBe(0);
});

test.each([
  [["--only", "no-such-row"], 'There is no row "no-such-row" in docs/api-gateway.md.\n'],
  [
    ["--url", "https://x.example"],
    '--url takes a URL with ws: or wss:, not "https://x.example".\n',
  ],
  [["--timeout", "0"], '--timeout takes a number above 0, not "0".\n'],
])("the arguments %p are rejected with one sentence", async (args, sentence) => {
  const { code, errors } = await runConformance(...args);
  expect(errors).toBe(sentence);
  expect(code).toBe(1);
});

test("--help explains every option", async () => {
  const { code, lines } = await runConformance("--help");
  for (const option of ["url", "management", "only", "skip-slow", "region", "timeout"]) {
    expect(lines.join("\n")).toContain(`--${option} `);
  }
  expect(code).toBe(0);
});
