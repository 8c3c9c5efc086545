import { createHmac, hash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { SignedRequest } from "../../../local-gateway/sigv4/canonical-request.ts";
import { createVerifier, TEMPORARY } from "./create-verifier.ts";
import { SIGNED_AT, signRequest, withHeader } from "./sign-request.ts";

const LOCAL = { accessKeyId: "local", secretAccessKey: "local" };
const region = "us-east-1";
const ConnectionId = "Nq3xYd7RiYcCG4A=";

describe("SignatureVerifier", () => {
  test.each([LOCAL, TEMPORARY])(
    "verifies the SDK's calls of the management API with the credentials of $accessKeyId",
    async (credentials) => {
      await using server = await startReceivingServer();
      const client = new ApiGatewayManagementApiClient({
        endpoint: `${server.url}/dev`,
        region,
        credentials,
      });
      await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'Grüße "😀"' }));
      await client.send(new GetConnectionCommand({ ConnectionId }));
      await client.send(new DeleteConnectionCommand({ ConnectionId }));
      client.destroy();
      const verifier = createVerifier();
      expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        "POST /dev/@connections/Nq3xYd7RiYcCG4A%3D",
        "GET /dev/@connections/Nq3xYd7RiYcCG4A%3D",
        "DELETE /dev/@connections/Nq3xYd7RiYcCG4A%3D",
      ]);
      for (const request of server.requests) {
        expect(verifier.verify(request, new Date())).toEqual({
          ok: true,
          accessKeyId: credentials.accessKeyId,
        });
      }
    },
  );

  test.each([LOCAL, TEMPORARY])(
    "verifies the SDK's calls of DynamoDB with the credentials of $accessKeyId",
    async (credentials) => {
      await using server = await startReceivingServer();
      const client = new DynamoDBClient({ endpoint: server.url, region, credentials });
      const command = new PutItemCommand({ TableName: "t", Item: { connectionId: { S: "ü=" } } });
      await client.send(command);
      client.destroy();
      const verifier = createVerifier({ service: "dynamodb" });
      expect(server.requests.map((request) => verifier.verify(request, new Date()))).toEqual([
        { ok: true, accessKeyId: credentials.accessKeyId },
      ]);
    },
  );

  test.each([
    "/dev/@connections/Nq3xYd7RiYcCG4A%3D",
    "/dev/@connections/Nq3xYd7RiYcCG4A=",
    "/dev/%40connections/Nq3xYd7RiYcCG4A%3D",
    "/dev/%40connections/Nq3xYd7RiYcCG4A=",
    "/dev//@connections/./x/../Nq3xYd7RiYcCG4A=/",
    "/..",
    "/",
  ])("verifies the path %s as it was sent", async (path) => {
    expect(createVerifier().verify(await signRequest({ path }), SIGNED_AT)).toMatchObject({
      ok: true,
    });
  });

  test("verifies a query string in whatever order and encoding it comes", async () => {
    const request = await signRequest({ query: { b: "2", "a-b": "é /+", a: "1~", empty: "" } });
    const url = "/dev/@connections/Nq3xYd7RiYcCG4A%3D?empty&b=%32&a=1%7e&a-b=%c3%a9%20/%2B&";
    expect(createVerifier().verify({ ...request, url }, SIGNED_AT)).toMatchObject({
      ok: true,
    });
  });

  test("verifies header values whatever the space around and inside them", async () => {
    const request = await signRequest({ headers: { "x-note": "one two" } });
    const spaced = withHeader(request, "x-note", () => "  one \t  two ");
    expect(createVerifier().verify(spaced, SIGNED_AT)).toMatchObject({ ok: true });
  });

  test("verifies header values by their bytes", async () => {
    const request = await signRequest({ headers: { "x-note": "ü" } });
    // Node gives each byte of a header as one character.
    const received = withHeader(request, "x-note", (value) =>
      Buffer.from(value).toString("latin1"),
    );
    expect(createVerifier().verify(received, SIGNED_AT)).toMatchObject({ ok: true });
  });

  test("verifies a header that comes twice as one with both values", async () => {
    const request = await signRequest({ headers: { "x-note": "one,two" } });
    const once = withHeader(request, "x-note", () => "one");
    const twice = { ...once, rawHeaders: [...once.rawHeaders, "X-Note", "two"] };
    expect(createVerifier().verify(twice, SIGNED_AT)).toMatchObject({ ok: true });
  });

  test("does not mind headers that were added on the way and are not signed", async () => {
    const request = await signRequest();
    const forwarded = { ...request, rawHeaders: [...request.rawHeaders, "X-Forwarded-For", "::1"] };
    expect(createVerifier().verify(forwarded, SIGNED_AT)).toMatchObject({ ok: true });
  });

  test("verifies a request that only its Date header dates", () => {
    const date = "Wed, 15 Jul 2026 09:00:00 GMT";
    const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const canonical = `GET\n/dev\n\ndate:${date}\nhost:here\n\ndate;host\n${emptyHash}`;
    const scope = "20260715/us-east-1/execute-api/aws4_request";
    const text = `AWS4-HMAC-SHA256\n20260715T090000Z\n${scope}\n${hash("sha256", canonical)}`;
    const key = scope.split("/").reduce(hmac, Buffer.from("AWS4local"));
    const signature = hmac(key, text).toString("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=local/${scope},SignedHeaders=date;host,Signature=${signature}`;
    const rawHeaders = ["Host", "here", "Date", date, "Authorization", authorization];
    const request = { method: "GET", url: "/dev", rawHeaders, body: Buffer.alloc(0) };
    expect(createVerifier().verify(request, SIGNED_AT)).toMatchObject({ ok: true });
  });

  test.each([LOCAL, TEMPORARY])(
    "verifies a presigned URL with the credentials of $accessKeyId",
    async (credentials) => {
      const request = await signRequest({
        method: "GET",
        path: "/dev",
        query: { room: "blue sky" },
        body: "",
        credentials,
        presigned: true,
      });
      expect(createVerifier().verify(request, SIGNED_AT)).toEqual({
        ok: true,
        accessKeyId: credentials.accessKeyId,
      });
    },
  );

  test("verifies with the key of each day, region and secret", async () => {
    const secrets = ["first", "second", "first"];
    const days = ["2026-07-15T23:59:59Z", "2026-07-16T00:00:00Z"].map((day) => new Date(day));
    let secretAccessKey = "";
    const verifier = createVerifier({ findCredentials: () => ({ secretAccessKey }) });
    for (const signedAt of [...days, ...days]) {
      for (secretAccessKey of secrets) {
        const credentials = { accessKeyId: "a", secretAccessKey };
        const request = await signRequest({ credentials, signedAt });
        expect(verifier.verify(request, signedAt)).toMatchObject({ ok: true });
      }
    }
  });
});

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** An HTTP server that answers everything with an empty JSON object and keeps what it received. */
async function startReceivingServer() {
  const requests: SignedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", rawHeaders } = request;
    requests.push({ method, url, rawHeaders, body: await buffer(request) });
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
