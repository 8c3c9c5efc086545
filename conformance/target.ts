/**
 * The applications that probes need.
 *
 * - `probe`: `template.yaml`, whose function does what each message asks.
 * - `idle`, `brief`: the same, with an idle timeout or a connection duration that is short where that is possible.
 * - `bare`, `authorizer`, `iam`, `throttled`: the template of that name.
 */
export type ApplicationName =
  | "probe"
  | "idle"
  | "brief"
  | "bare"
  | "authorizer"
  | "iam"
  | "throttled";

/** What requests are signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where one application answers, and with what rules of its own. */
export interface Endpoint {
  /** Where clients connect, with the stage; no slash at the end. */
  readonly url: string;
  /** The endpoint of the management API, with the stage; no slash at the end. */
  readonly managementUrl: string;
  readonly region: string;
  /** Who signs requests. */
  readonly credentials: Credentials;
  /** Seconds without traffic after which a connection is closed. */
  readonly idleTimeout: number;
  /** Seconds after which any connection is closed. */
  readonly connectionDuration: number;
  /** How long a probe waits for anything that should happen at once, in seconds. */
  readonly timeout: number;
}

/** Where an application answers, or why its probes cannot run. */
export type FoundEndpoint =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly reason: string };

/** The gateway under examination. */
export interface Target {
  /** Whether it runs on this machine, with times as short as it is configured. */
  readonly local: boolean;
  endpoint(application: ApplicationName): Promise<FoundEndpoint>;
  /** Ends what was started for the examination. Twice is not an error. */
  close(): Promise<void>;
}
