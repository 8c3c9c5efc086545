import type { Credentials } from "./credentials.ts";

/** Where one application answers, and with what rules of its own. */
export interface Endpoint {
  /** Where clients connect, with the stage; no slash at the end. */
  readonly url: string;
  /** The endpoint of the management API, with the stage; no slash at the end. */
  readonly managementUrl: string;
  readonly region: string;
  /** Who signs requests. */
  readonly credentials: Credentials;
  /** Seconds without traffic until a connection is closed. */
  readonly idleTimeout: number;
  /** Seconds until any connection is closed. */
  readonly connectionDuration: number;
  /** How long a probe waits for anything that should happen at once, in seconds. */
  readonly patience: number;
}
