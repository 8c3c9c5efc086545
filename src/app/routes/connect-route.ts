import { SUBPROTOCOL } from "../../../protocol/requests.ts";
import type { ConnectOutcome } from "../../domain/use-cases/connect.ts";
import { offeredSubprotocols, readToken, upgradeHeader, type WebSocketEvent } from "../event.ts";
import type { Log } from "../log.ts";
import type { Route, UseCases } from "../route.ts";

const STATUS: Record<ConnectOutcome["kind"], number> = {
  connected: 200,
  badName: 400,
  unauthenticated: 401,
  nameless: 401,
  forbidden: 403,
};

/** `$connect`: its status decides whether the client may come in. */
export function connectRoute(connect: UseCases["connect"], log: Log): Route {
  return async (event) => {
    const { connectionId, routeKey, requestId } = event.requestContext;
    const { kind, text } = await connect.execute({
      connectionId,
      user: queryParameter(event, "user"),
      channel: queryParameter(event, "channel"),
      token: readToken(event),
      origin: origin(event),
    });
    const request = { connectionId, routeKey, requestId };
    if (kind !== "connected") {
      log("warn", "rejected", { ...request, reason: kind });
      return { statusCode: STATUS[kind], body: text };
    }
    log("info", "connected", request);
    return offeredSubprotocols(event).includes(SUBPROTOCOL)
      ? { statusCode: 200, body: text, headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL } }
      : { statusCode: 200, body: text };
  };
}

/** A parameter of the URL; all its values together if it comes more than once, which no name can be. */
function queryParameter(event: WebSocketEvent, name: string): unknown {
  const parameters = event.multiValueQueryStringParameters ?? {};
  const values = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return values?.length === 1 ? values[0] : values;
}

/** The page's origin. Several make one that is on no list. */
function origin(event: WebSocketEvent): string | undefined {
  const values = upgradeHeader(event, "origin");
  return values.length === 0 ? undefined : values.join(",");
}
