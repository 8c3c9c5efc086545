import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { TEMPORARY } from "../../sigv4/create-verifier.ts";
import { signRequest, type ToSign } from "../../sigv4/sign-request.ts";
import { rawExchange } from "../../support/raw-exchange.ts";
import { type SignedFetchOptions, signedFetch } from "../../support/signed-fetch.ts";
import { startGateway } from "../../support/start-gateway.ts";
import { wsConnect } from "../../support/ws-connect.ts";
import { createPrincipals, FUNCTION_ARN } from "../support/create-principals.ts";
import { WRONG_CREDENTIALS } from "../support/wrong-credentials.ts";

const UNKNOWN = "C51DherHNjMCI3Q=";
const STAGE_ARN = "arn:aws:execute-api:eu-west-1:123456789012:k2v9xq41ab/live";
const MAY_POST = {
  effect: "Allow",
  actions: ["execute-api:ManageConnections"],
  resources: [`${STAGE_ARN}/POST/@connections/*`],
} as const;
const MAY_NOT_POST = { ...MAY_POST, effect: "Deny" } as const;

/** What a caller sees of a rejection. */
async function rejectionOf(response: Response) {
  const errorType = response.headers.get("x-amzn-errortype");
  return { status: response.status, errorType, body: await response.json() };
}

function createSdk(endpoint: string, credentials: SignedFetchOptions["credentials"] = TEMPORARY) {
  return new ApiGatewayManagementApiClient({
    endpoint,
    region: "eu-west-1",
    credentials,
    maxAttempts: 1,
  });
}

/** Sends a request as it is written, also when it is not what was signed. */
async function sendRaw(port: number, path: string, body: string, toSign: ToSign) {
  const signed = { path, body, region: "eu-west-1", signedAt: new Date(), ...toSign };
  const { method, rawHeaders } = await signRequest({
    ...signed,
    headers: { connection: "close" },
  });
  const headers = rawHeaders.map((text, index) => text + (index % 2 === 0 ? ": " : "\r\n"));
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return await rawExchange(
    port,
    `${method} ${path} HTTP/1.1\r\n${headers.join("")}${length}${body}`,
  );
}

describe("the management API rejects", () => {
  test("a call that is not signed", async () => {
    await using gateway = await startGateway();
    const url = `${gateway.managementUrl}/@connections/${UNKNOWN}`;
    expect(await rejectionOf(await fetch(url, { method: "POST", body: "hi" }))).toEqual({
      status: 403,
      errorType: "MissingAuthenticationTokenException",
      body: { message: "Missing Authentication Token" },
    });
    expect(await gateway.observations.take()).toMatchObject({
      kind: "management call rejected",
      problem:
        "the request is not signed; functions sign with their own credentials, you with local / local",
    });
  });

  test.each<[string, string, SignedFetchOptions]>([
    ...WRONG_CREDENTIALS,
    ["a signature for another region", "InvalidSignatureException", { region: "us-east-1" }],
    ["a signature for another service", "InvalidSignatureException", { service: "dynamodb" }],
    [
      "a signature of six minutes ago",
      "InvalidSignatureException",
      { signedAt: new Date(Date.now() - 360_000) },
    ],
  ])("%s", async (_what, errorType, options) => {
    await using gateway = await startGateway({ principals: createPrincipals(MAY_POST) });
    const url = `${gateway.managementUrl}/@connections/${UNKNOWN}`;
    const response = await signedFetch(url, { method: "POST", body: "hi", ...options });
    expect(await rejectionOf(response)).toEqual({
      status: 403,
      errorType,
      body: { message: expect.any(String) },
    });
  });

  test.each<[string, ToSign]>([
    ["body", { body: "ho" }],
    ["connection", { path: "/live/@connections/C50a8cvrtjMCI7w=" }],
  ])("a call whose %s is not the one that was signed", async (_what, toSign) => {
    await using gateway = await startGateway();
    const path = `/live/@connections/${UNKNOWN}`;
    const answer = await sendRaw(gateway.port, path, "hi", toSign);
    expect(answer).toMatch(
      /^HTTP\/1\.1 403 [\s\S]*x-amzn-errortype: InvalidSignatureException\r\n/,
    );
    const [rightly] = (await sendRaw(gateway.port, path, "hi", {})).split("\r\n");
    expect(rightly).toBe("HTTP/1.1 410 Gone");
  });

  test("a wrong stage or path before anything else", async () => {
    await using gateway = await startGateway();
    const url = new URL(`/other/@connections/${UNKNOWN}`, gateway.managementUrl);
    expect(await rejectionOf(await fetch(url, { method: "POST" }))).toMatchObject({
      errorType: "ForbiddenException",
      body: { message: "Forbidden" },
    });
  });

  test("what is not signed before it looks at the connection id or the size", async () => {
    await using gateway = await startGateway();
    const post = (id: string, length: number) =>
      fetch(`${gateway.managementUrl}/@connections/${id}`, {
        method: "POST",
        body: "x".repeat(length),
      });
    expect((await post("nobody", 1)).status).toBe(403);
    expect((await post(UNKNOWN, 200_000)).status).toBe(403);
  });

  test("a malformed id before the size, and the size before it looks for the connection", async () => {
    await using gateway = await startGateway();
    const post = async (id: string) =>
      await signedFetch(`${gateway.managementUrl}/@connections/${id}`, {
        method: "POST",
        body: "x".repeat(200_000),
      });
    expect((await post("nobody")).status).toBe(400);
    expect((await post(UNKNOWN)).status).toBe(413);
  });

  test("more than 10 MB without a look at the signature", async () => {
    await using gateway = await startGateway();
    const url = `${gateway.managementUrl}/@connections/${UNKNOWN}`;
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    expect((await fetch(url, { method: "POST", body })).status).toBe(413);
    expect((await fetch(url, { method: "POST", body: body.subarray(1) })).status).toBe(403);
  });
});

describe("a function", () => {
  test("that may post to connections does, with its temporary credentials", async () => {
    await using gateway = await startGateway({ principals: createPrincipals(MAY_POST) });
    const client = await wsConnect(gateway.url);
    const { connectionId: ConnectionId } = (await gateway.events.take()).requestContext;
    const sdk = createSdk(gateway.managementUrl);
    await sdk.send(new PostToConnectionCommand({ ConnectionId, Data: "hi" }));
    expect(await client.messages.take()).toBe("hi");
    sdk.destroy();
  });

  test.each([
    ["without a policy", [], "", "add it to the function's policies"],
    [
      "with a Deny",
      [MAY_POST, MAY_NOT_POST],
      " with an explicit deny in an identity-based policy",
      "a Deny in the function's policies forbids it",
    ],
  ])(
    "%s is denied in AWS's words, and the log says why",
    async (_what, policies, reason, advice) => {
      await using gateway = await startGateway({ principals: createPrincipals(...policies) });
      const url = `${gateway.managementUrl}/@connections/${UNKNOWN}`;
      const options = { method: "POST", body: "hi", credentials: TEMPORARY };
      const action = "execute-api:ManageConnections";
      const resource = STAGE_ARN.replace("12345678", "********");
      expect(await rejectionOf(await signedFetch(url, options))).toEqual({
        status: 403,
        errorType: "AccessDeniedException",
        body: {
          Message: `User: ${FUNCTION_ARN} is not authorized to perform: ${action} on resource: ${resource}/POST/@connections/{connectionId}${reason}`,
        },
      });
      expect(await gateway.observations.take()).toMatchObject({
        problem: `Fn may not ${action} on ${STAGE_ARN}/POST/@connections/${UNKNOWN}: ${advice}`,
      });
    },
  );

  test("that may post may not yet close a connection", async () => {
    await using gateway = await startGateway({ principals: createPrincipals(MAY_POST) });
    const sdk = createSdk(gateway.managementUrl);
    await expect(
      sdk.send(new DeleteConnectionCommand({ ConnectionId: UNKNOWN })),
    ).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("live/DELETE/@connections/{connectionId}"),
    });
    sdk.destroy();
  });

  test("needs execute-api:Invoke for a path below the stage that is not a connection's", async () => {
    await using gateway = await startGateway({ principals: createPrincipals(MAY_POST) });
    const route = "@connections/@connections/C51DherHNjMCI3Q%3D";
    const url = `${gateway.managementUrl}/${route}`;
    const resource = STAGE_ARN.replace("12345678", "********");
    expect(
      await rejectionOf(await signedFetch(url, { method: "POST", credentials: TEMPORARY })),
    ).toEqual({
      status: 403,
      errorType: "AccessDeniedException",
      body: {
        Message: `User: ${FUNCTION_ARN} is not authorized to perform: execute-api:Invoke on resource: ${resource}/POST/${route}`,
      },
    });
    expect(await gateway.observations.take()).toMatchObject({
      status: 403,
      problem: expect.stringMatching(
        /@connections is there twice; .*; Fn may not execute-api:Invoke there$/,
      ),
    });
  });

  test("that may invoke everything gets the answer that there is no such path", async () => {
    const everything = { effect: "Allow", actions: ["execute-api:*"], resources: ["*"] } as const;
    await using gateway = await startGateway({ principals: createPrincipals(everything) });
    const url = `${gateway.managementUrl}/live/@connections/${UNKNOWN}`;
    const options = { method: "POST", credentials: TEMPORARY };
    expect((await signedFetch(url, options)).status).toBe(404);
  });
});
