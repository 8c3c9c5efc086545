import type { LocalGatewayOptions } from "./options.ts";
import { type RunningGateway, runGateway } from "./run-gateway.ts";
import type { ConnectOptions } from "./testing/connect.ts";
import {
  type EventFilter,
  type GatewayClient,
  type Post,
  type ReceivedEvent,
  Recording,
} from "./testing/recording.ts";

/** A local gateway that accepts connections, and knows what it did lately. */
export interface LocalGateway extends RunningGateway {
  /**
   * Connects a client whose messages can be awaited. Throws a ConnectionRejectedError, with the status, when the API
   * rejects the upgrade, and `CONNECTION_FAILED` when it does not answer in time.
   */
  connect(options?: ConnectOptions): Promise<GatewayClient>;
  /** The last events that functions received, all of them or those that the filter names, the oldest first. */
  events(filter?: EventFilter): ReceivedEvent[];
  /**
   * The first event that the filter names and whose function has ended; waits for it up to `timeout` milliseconds, 4000
   * when absent. Throws `NO_EVENT` when there is none in time.
   */
  waitForEvent(filter: EventFilter, timeout?: number): Promise<ReceivedEvent>;
  /** The last posts to connections, all of them or those to one connection, the oldest first. */
  posts(filter?: Pick<EventFilter, "connectionId">): Post[];
}

/**
 * Runs a SAM template's WebSocket APIs, functions and tables on this machine. Resolves once connections are accepted.
 *
 * Throws a LocalGatewayError when an option is invalid, a port cannot be used, a function does not build or DynamoDB
 * rejects a table, and a TemplateError when the template cannot be run here.
 */
export async function startLocalGateway(options: LocalGatewayOptions): Promise<LocalGateway> {
  const recording = new Recording();
  const gateway = await runGateway(options, { watcher: recording });
  return Object.assign(gateway, {
    connect: (connectOptions?: ConnectOptions) => recording.connect(gateway.url, connectOptions),
    events: (filter?: EventFilter) => recording.events(filter),
    waitForEvent: (filter: EventFilter, timeout?: number) =>
      recording.waitForEvent(filter, timeout),
    posts: (filter?: Pick<EventFilter, "connectionId">) => recording.posts(filter),
  } satisfies Omit<LocalGateway, keyof RunningGateway>);
}
