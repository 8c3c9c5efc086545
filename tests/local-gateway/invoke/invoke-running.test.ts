import { join } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { startAnsweringServer } from "../../support/start-answering-server.ts";
import { LogLines } from "../lambda/log-lines.ts";
import { run } from "./run.ts";

const TEMPLATE = join(import.meta.dirname, "fixtures", "template.yaml");
const EVENT = JSON.stringify({ id: "Nq3xYd7RiYcCG4A=" });

/** Invokes a function of the fixture, with the event on the standard input. */
const invoke = (functionId: string, url: string, env = {}) =>
  run("invoke-cli.ts", ["-", "--template", TEMPLATE, "--function", functionId, "--url", url], {
    input: EVENT,
    env,
  });

async function start(region?: string) {
  const lines = new LogLines();
  const gateway = await startLocalGateway({
    template: TEMPLATE,
    region,
    onLine: (line) => lines.add(line),
  });
  const { url, managementUrl } = gateway;
  return { url, managementUrl, lines, [Symbol.asyncDispose]: () => gateway.close() };
}

test("with --url a gateway that runs invokes the function, and reports what it does", async () => {
  await using gateway = await start();
  const { code, out, err } = await invoke("ForgetfulFunction", gateway.url);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(out)).toEqual({ put: "AccessDeniedException", post: "AccessDeniedException" });
  expect(await gateway.lines.find("dynamodb")).toContain("ForgetfulFunction may not");
  expect(await gateway.lines.find("invoke")).toContain("ForgetfulFunction");
});

test("a function that fails there shows its error, and the command fails", async () => {
  await using gateway = await start();
  const { code, out } = await invoke("FailFunction", gateway.managementUrl);
  expect(JSON.parse(out)).toEqual({ errorType: "RangeError", errorMessage: "as it should" });
  expect(code).toBe(1);
});

test("the region is AWS_REGION, as for the gateway", async () => {
  await using gateway = await start("eu-west-1");
  const { code } = await invoke("ForgetfulFunction", gateway.url, { AWS_REGION: "eu-west-1" });
  expect(code).toBe(0);
});

test("a gateway that rejects the call says why", async () => {
  await using gateway = await start("eu-west-1");
  expect(await invoke("ForgetfulFunction", gateway.url)).toEqual({
    code: 1,
    out: "",
    err: "InvalidSignatureException: Credential should be scoped to a valid region, not 'us-east-1'. [INVOCATION_REJECTED]\n",
  });
});

test("a port where nothing listens is one sentence", async () => {
  const server = await startAnsweringServer({ status: 200 });
  await server[Symbol.asyncDispose]();
  const { origin } = new URL(server.endpoint);
  expect(await invoke("FailFunction", server.endpoint)).toEqual({
    code: 1,
    out: "",
    err: `No local gateway answers at ${origin}: start one with npm start. [GATEWAY_UNREACHABLE]\n`,
  });
});

test.each([{ status: 200 }, { status: 502, errorType: "ServiceException", body: "<html>" }])(
  "a server that answers with %j is not a local gateway, in one sentence",
  async (answer) => {
    await using server = await startAnsweringServer(answer);
    const { origin } = new URL(server.endpoint);
    expect(await invoke("FailFunction", server.endpoint)).toEqual({
      code: 1,
      out: "",
      err: `The server at ${origin} is not a local gateway (${answer.status}). [GATEWAY_UNREACHABLE]\n`,
    });
  },
);

test.each(["127.0.0.1:3300", "https://a.execute-api.us-east-1.amazonaws.com/dev", ""])(
  "the URL %j is not a valid URL of a local gateway",
  async (url) => {
    expect(await invoke("FailFunction", url)).toEqual({
      code: 1,
      out: "",
      err: `--url takes the URL of a local gateway, http://… or ws://…, not "${url}". [INVALID_OPTION]\n`,
    });
  },
);
