import type { FaultSettings } from "./faults/fault-settings.ts";
import type { FunctionsOptions } from "./lambda/start-functions.ts";

/** What a local gateway runs, and where. */
export interface LocalGatewayOptions
  extends Pick<FunctionsOptions, "watch" | "inspect" | "maxEnvironments"> {
  /** The path of a SAM template with one WebSocket API. */
  readonly template: string;
  /** 127.0.0.1 when absent. */
  readonly host?: string | undefined;
  /** 0, any free port, when absent. */
  readonly port?: number | undefined;
  /** 0, any free port, when absent. */
  readonly dynamodbPort?: number | undefined;
  /** us-east-1 when absent. */
  readonly region?: string | undefined;
  /** Values of the template's parameters, as in `sam deploy`. */
  readonly parameterOverrides?: Readonly<Record<string, string>> | undefined;
  /** Seconds without traffic until a connection is closed; 600, as on AWS, when absent. */
  readonly idleTimeout?: number | undefined;
  /** Seconds until any connection is closed; 7200, as on AWS, when absent. */
  readonly connectionDuration?: number | undefined;
  /** What goes wrong on demand, how often, and by which seed; nothing when absent. */
  readonly faults?: FaultSettings | undefined;
  /** The path of a folder whose files are served at `/`; nothing is served when absent. */
  readonly staticDirectory?: string | undefined;
  /**
   * Names, without ports, under which requests are accepted besides `localhost`, `host.docker.internal`, IP addresses,
   * `host` and the API's own host on AWS.
   */
  readonly allowHosts?: readonly string[] | undefined;
  /** The web pages that may call the signed APIs, for example `http://localhost:5173`; none when absent. */
  readonly allowOrigins?: readonly string[] | undefined;
  /** Report errors only. */
  readonly quiet?: boolean | undefined;
  /** Report the texts of messages, answers and posts too. */
  readonly logBodies?: boolean | undefined;
  /** Takes each line that the gateway reports; standard output when absent. Must not throw. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Colours in the lines. */
  readonly colours?: boolean | undefined;
}
