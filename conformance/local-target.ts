import { fileURLToPath } from "node:url";
import { type LocalGateway, startLocalGateway } from "../local-gateway/index.ts";
import type { ApplicationName, FoundEndpoint, Target } from "./target.ts";

const TEMPLATES: Readonly<Record<ApplicationName, string>> = {
  probe: "template.yaml",
  idle: "template.yaml",
  brief: "template.yaml",
  bare: "bare.yaml",
  authorizer: "authorizer.yaml",
  iam: "iam.yaml",
  throttled: "throttled.yaml",
};

/** In seconds: short enough to wait for, and longer than a busy machine may stall. */
const SHORT_IDLE_TIMEOUT = 2;
const SHORT_CONNECTION_DURATION = 3;
const IDLE_TIMEOUT = 600;
const CONNECTION_DURATION = 7200;

/** The key pair that the local gateway accepts from its developer. */
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** Local gateways, one for each application, which start on free ports when they are first asked for. */
export class LocalTarget implements Target {
  readonly local = true;
  readonly #timeout: number;
  readonly #started = new Map<ApplicationName, Promise<LocalGateway>>();

  /** @param timeout in seconds */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** Rejects when the application does not start. */
  async endpoint(application: ApplicationName): Promise<FoundEndpoint> {
    const limits = {
      idleTimeout: application === "idle" ? SHORT_IDLE_TIMEOUT : IDLE_TIMEOUT,
      connectionDuration: application === "brief" ? SHORT_CONNECTION_DURATION : CONNECTION_DURATION,
    };
    let starting = this.#started.get(application);
    if (!starting) {
      const template = fileURLToPath(new URL(TEMPLATES[application], import.meta.url));
      starting = startLocalGateway({ template, quiet: true, onLine: () => {}, ...limits });
      this.#started.set(application, starting);
    }
    const { url, managementUrl, region } = await starting;
    const timeout = this.#timeout;
    const endpoint = { url, managementUrl, region, credentials: CREDENTIALS, timeout, ...limits };
    return { ok: true, endpoint };
  }

  async close(): Promise<void> {
    const started = await Promise.allSettled(this.#started.values());
    await Promise.all(
      started.map((gateway) => gateway.status === "fulfilled" && gateway.value.close()),
    );
  }
}
