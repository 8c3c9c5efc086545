import type { ApplicationName } from "./application-name.ts";
import type { Endpoint } from "./endpoint.ts";

/** The gateway under examination. */
export interface Target {
  /** Whether it runs on this machine, with times as short as it was told. */
  readonly local: boolean;
  /** Where an application answers; otherwise the reason why its probes cannot run. */
  endpoint(application: ApplicationName): Promise<Endpoint | string>;
  /** Ends what was started for the examination. Twice is no error. */
  close(): Promise<void>;
}
