import type { ApplicationName, Credentials, FoundEndpoint, Target } from "./target.ts";

/** Where the applications of a deployed gateway are. */
export interface DeployedTargetOptions {
  /** The WebSocket URL of each application; those that are absent are not examined. */
  readonly urls: Readonly<Partial<Record<ApplicationName, string>>>;
  /** The endpoint of the probe application's management API. */
  readonly managementUrl: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** In seconds. */
  readonly timeout: number;
}

/** As AWS has them, in seconds. */
const IDLE_TIMEOUT = 600;
const CONNECTION_DURATION = 7200;

/** A gateway that runs already, and whose times cannot be changed. */
export class DeployedTarget implements Target {
  readonly local = false;
  readonly #options: DeployedTargetOptions;

  constructor(options: DeployedTargetOptions) {
    this.#options = options;
  }

  async endpoint(application: ApplicationName): Promise<FoundEndpoint> {
    const { urls, managementUrl, region, credentials, timeout } = this.#options;
    const name = application === "idle" || application === "brief" ? "probe" : application;
    const url = urls[name];
    if (url === undefined) {
      return { ok: false, reason: `needs --${name}-url` };
    }
    const limits = { idleTimeout: IDLE_TIMEOUT, connectionDuration: CONNECTION_DURATION };
    return { ok: true, endpoint: { url, managementUrl, region, credentials, timeout, ...limits } };
  }

  async close(): Promise<void> {}
}
