import { Principals } from "../../../local-gateway/iam/principals.ts";
import { signRequest, type ToSign } from "../sigv4/sign-request.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const METHOD_ARN = "arn:aws:execute-api:eu-west-1:123456789012:k2v9xq41ab/live/$connect";

/** The URL and the headers of an upgrade that the SDK's own signer signed. */
async function signedUpgrade(gatewayUrl: string, how: ToSign = {}) {
  const { url, rawHeaders } = await signRequest({
    method: "GET",
    path: "/live",
    region: "eu-west-1",
    body: "",
    signedAt: new Date(),
    ...how,
  });
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers[rawHeaders[index] ?? ""] = rawHeaders[index + 1] ?? "";
  }
  return { url: `${new URL(gatewayUrl).origin}${url}`, headers };
}

test.each([
  ["its headers", false],
  ["its query string", true],
])("an upgrade with a signature in %s is accepted", async (_, presigned) => {
  await using gateway = await startGateway({ requiresSignature: true });
  const { url, headers } = await signedUpgrade(gateway.url, { presigned });
  const { webSocket } = await wsConnect(url, { headers });
  expect(webSocket.readyState).toBe(webSocket.OPEN);
});

test("an upgrade without a signature, or with a wrong one, is rejected before $connect", async () => {
  await using gateway = await startGateway({ requiresSignature: true });
  const credentials = { accessKeyId: "local", secretAccessKey: "wrong" };
  const { url, headers } = await signedUpgrade(gateway.url, { credentials });
  expect(await wsRejection(gateway.url)).toMatchObject({ status: 403 });
  expect(await wsRejection(url, { headers })).toMatchObject({ status: 403 });
  expect(gateway.events.size).toBe(0);
});

test.each([
  ["execute-api:Invoke", 101],
  ["execute-api:ManageConnections", 403],
])("a function that may %s gets %i", async (action, status) => {
  const principals = new Principals();
  const credentials = { accessKeyId: "FN", secretAccessKey: "secret" };
  const policies = [{ effect: "Allow", actions: [action], resources: [METHOD_ARN] }] as const;
  principals.add({ kind: "function", functionId: "Fn", arn: "arn", policies }, credentials);
  await using gateway = await startGateway({ requiresSignature: true, principals });
  const { url, headers } = await signedUpgrade(gateway.url, { credentials });
  const answered =
    status === 101
      ? await wsConnect(url, { headers }).then(() => ({ status: 101 }))
      : await wsRejection(url, { headers });
  expect(answered).toMatchObject({ status });
});
