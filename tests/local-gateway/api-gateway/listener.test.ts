import { once } from "node:events";
import { connect } from "node:net";
import { stageUrls, WebSocketGateway } from "../../../local-gateway/api-gateway/gateway.ts";
import { listenHttp } from "../../../local-gateway/api-gateway/http-listener.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsRejection } from "../support/ws-rejection.ts";

const where = { host: "127.0.0.1", port: 0, onError: () => {} };

test("a listener answers everything with 503 before its gateway serves", async () => {
  const listener = await listenHttp(where);
  const { url, managementUrl } = stageUrls("live", listener);
  expect(await wsRejection(url)).toMatchObject({ status: 503 });
  expect((await fetch(managementUrl)).status).toBe(503);
  await listener.close();
});

test("a listener that is closed twice is closed, and its port is free again", async () => {
  const listener = await listenHttp(where);
  await Promise.all([listener.close(), listener.close()]);
  const again = await listenHttp({ ...where, port: listener.port });
  await again.close();
});

test("a port that another program uses is rejected with a code, a sentence and advice", async () => {
  const listener = await listenHttp(where);
  const { port } = listener;
  await expect(listenHttp({ ...where, port })).rejects.toMatchObject({
    name: "LocalGatewayError",
    code: "PORT_IN_USE",
    message: `The API cannot listen on 127.0.0.1:${port}: another program uses the port. Choose another one with --port; --port 0 takes any that is free.`,
    cause: { code: "EADDRINUSE" },
  });
  await listener.close();
});

test("a gateway whose expression cannot be read is not made, and its listener can still be closed", async () => {
  const listener = await listenHttp(where);
  const stage = {
    logicalId: "TestApi",
    apiId: "k2v9xq41ab",
    stage: "live",
    routeSelectionExpression: "$context.identity",
    routes: new Map(),
  };
  const options = {
    region: "eu-west-1",
    functions: () => {
      throw new Error("There is no function.");
    },
    report: () => {},
  };
  expect(() => new WebSocketGateway([{ listener, api: { stages: [stage] } }], options)).toThrow(
    'The RouteSelectionExpression "$context.identity" is not supported',
  );
  await listener.close();
});

test("an unused connection is kept for 60 seconds, longer than the SDKs keep theirs", async () => {
  await using gateway = await startGateway();
  const { headers } = await fetch(gateway.managementUrl);
  expect(headers.get("keep-alive")).toBe("timeout=60");
});

test("a post that breaks off is not an error of the gateway", async () => {
  await using gateway = await startGateway();
  const socket = connect(gateway.port, "127.0.0.1");
  const headers = "Host: localhost\r\nContent-Length: 100\r\nExpect: 100-continue\r\n";
  socket.write(`POST /live/@connections/AAAAAAAAAAAAAAA= HTTP/1.1\r\n${headers}\r\nhalf`);
  // The answer is "100 Continue": the gateway reads the body from now on.
  await once(socket, "data");
  socket.resetAndDestroy();
  await once(socket, "close");
  await fetch(gateway.managementUrl, { method: "POST" });
  expect((await gateway.observations.take()).kind).toBe("management call rejected");
});
