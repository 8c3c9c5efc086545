import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { Faults, type FaultTrigger } from "../../../local-gateway/faults/faults.ts";
import type { FaultSettings } from "../../../local-gateway/faults/settings.ts";
import { Inbox } from "../support/inbox.ts";
import { startGateway } from "../support/start-gateway.ts";
import { wsConnect } from "../support/ws-connect.ts";

/** A gateway with faults, one client of it, and AWS's own client of its management API, which tries every call once. */
export async function startFaultyGateway(settings: FaultSettings) {
  const triggers = new Inbox<FaultTrigger>();
  const gateway = await startGateway({
    faults: new Faults(settings, (trigger) => triggers.put(trigger)),
  });
  const client = await wsConnect(gateway.url);
  const { connectionId } = (await gateway.events.take()).requestContext;
  const sdk = new ApiGatewayManagementApiClient({
    region: "eu-west-1",
    endpoint: gateway.managementUrl,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  return {
    ...gateway,
    client,
    connectionId,
    triggers,
    post: (Data: string) =>
      sdk.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data })),
    [Symbol.asyncDispose]: async () => {
      sdk.destroy();
      await gateway.gateway.close();
    },
  };
}
