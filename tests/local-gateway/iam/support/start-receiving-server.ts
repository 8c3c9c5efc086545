import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { SignedRequest } from "../../../../local-gateway/iam/signature/signed-request.ts";

/** An HTTP server that answers everything with an empty JSON object and keeps what it received. */
export async function startReceivingServer() {
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
