import type { Connection } from "../api-gateway/connection.ts";
import { clientOf } from "../api-gateway/connection-details.ts";
import type { WebSocketGateway } from "../api-gateway/gateway.ts";
import { listenFrom } from "../api-gateway/http-listener.ts";
import type { Cleanup } from "../cleanup.ts";
import type { CrossOriginProtection } from "../cross-origin-protection.ts";
import type { LambdaFunction } from "../lambda/invocation.ts";
import type { OpenConnection } from "../timeline/entry.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { Inspector } from "./inspector.ts";

/** What the inspector of a gateway needs. */
interface InspectorStart {
  /** Whether there is to be one. */
  readonly inspector?: boolean | undefined;
  /** The API's port; any free one when absent or 0. */
  readonly port?: number | undefined;
  readonly timeline: Timeline;
  readonly gateway: Pick<WebSocketGateway, "openConnections" | "reachable">;
  /** A function whose events are in the timeline, as those of an entry that is run again. */
  readonly observed: (functionId: string, rerunOf: number) => LambdaFunction;
  readonly crossOrigin: CrossOriginProtection;
  /** Takes the sentence with which a request of a web page was rejected. */
  readonly onRejected: (problem: string) => void;
  readonly onError: (error: unknown) => void;
}

/** How far behind the API's port the search for a free one begins: 3399 for 3300. */
const DISTANCE = 99;

const HOST = "127.0.0.1";

/**
 * Starts the inspector of a gateway, if there is to be one, on this machine's own address whatever that of the API is. Gives
 * its URL.
 */
export async function startInspector(
  { inspector: wanted, port = 0, timeline, gateway, observed, ...options }: InspectorStart,
  started: Cleanup,
): Promise<string | undefined> {
  if (!wanted) {
    return;
  }
  const { crossOrigin, onRejected, onError } = options;
  const first = port === 0 ? 0 : port + DISTANCE;
  const inspector = new Inspector({
    listener: await listenFrom(first, { host: HOST, onError }),
    timeline,
    crossOrigin,
    onRejected,
    onError,
    gateway: {
      connections: () => Array.from(gateway.openConnections(), describe),
      receive: (connectionId, text) => gateway.reachable(connectionId)?.receive(text) ?? false,
      close: (connectionId, code, reason) => {
        const connection = gateway.reachable(connectionId);
        connection?.close({ code, reason, explanation: "by the inspector" });
        return connection !== undefined;
      },
      rerun: (functionId, event, rerunOf) => observed(functionId, rerunOf).invoke(event),
    },
  });
  started.defer(() => inspector.close());
  return inspector.url;
}

function describe({ details }: Connection): OpenConnection {
  const { connectionId, connectedAt } = details;
  return { connectionId, connectedAt, ...clientOf(details) };
}
