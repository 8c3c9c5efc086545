import { WebSocket as WsWebSocket } from "ws";
import { RelayClient, type RelayClientOptions, type RelayEvents } from "../../../client/index.ts";
import { type LocalGateway, startLocalGateway } from "../../../local-gateway/index.ts";
import type { LocalGatewayOptions } from "../../../local-gateway/options.ts";
import { invoke } from "../../local-gateway/lambda-api/invoke.ts";
import { Inbox } from "../../local-gateway/support/inbox.ts";

/** A client whose events can be awaited, and whose line can be cut. */
export interface TestClient {
  readonly client: RelayClient;
  readonly events: { readonly [Name in keyof RelayEvents]: Inbox<RelayEvents[Name]> };
  /** Ends the newest socket without a closing handshake. */
  cut(): void;
}

/** The project's own relay on a local gateway, and clients of it; disposing closes all. */
export async function startRelay(options: Partial<LocalGatewayOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const gateway: LocalGateway = await startLocalGateway({
    template: "template.yaml",
    onLine: () => {},
    ...options,
  });
  stack.defer(() => gateway.close());
  return {
    gateway,
    /** Invokes the function as a backend does, and returns its answer. */
    invoke: async (event: object): Promise<Record<string, unknown>> => {
      const { managementUrl, region } = gateway;
      const options = { payload: JSON.stringify(event), region };
      const response = await invoke(new URL(managementUrl).origin, "local-RelayFunction", options);
      return JSON.parse(await response.text());
    },
    connect: (settings: RelayClientOptions = {}): TestClient => {
      const test = testClient(gateway.url, settings);
      stack.defer(() => test.client.close());
      return test;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A client of the relay at `url`, which somebody has to close. */
export function testClient(url: string, settings: RelayClientOptions): TestClient {
  let newest: WsWebSocket | undefined;
  class CuttableWebSocket extends WsWebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols);
      newest = this;
    }
  }
  const client = new RelayClient(url, {
    WebSocket: CuttableWebSocket,
    baseDelay: 50,
    maxDelay: 500,
    ...settings,
  });
  const events = {
    message: new Inbox<RelayEvents["message"]>(),
    gap: new Inbox<RelayEvents["gap"]>(),
    text: new Inbox<RelayEvents["text"]>(),
    error: new Inbox<RelayEvents["error"]>(),
    connecting: new Inbox<RelayEvents["connecting"]>(),
    open: new Inbox<RelayEvents["open"]>(),
    reconnecting: new Inbox<RelayEvents["reconnecting"]>(),
    closed: new Inbox<RelayEvents["closed"]>(),
  };
  for (const name of Object.keys(events) as (keyof RelayEvents)[]) {
    client.on(name, (value) => (events[name] as Inbox<unknown>).put(value));
  }
  return { client, events, cut: () => newest?.terminate() };
}
