import type { FaultName } from "./fault-name.ts";

/** The faults that take time. */
export type SlowFaultName = Extract<FaultName, "delayDisconnect" | "slowPost" | "slowDatabase">;

/** How often a fault strikes, and how long what it strikes takes. */
interface SlowFault {
  /** From 0, never, to 1, always. */
  readonly share: number;
  /** 2000 when absent. */
  readonly milliseconds?: number | undefined;
}

/** The faults to inject, by name: the share of occasions on which each strikes, from 0 to 1. */
export type FaultSettings = {
  readonly [Name in FaultName]?: Name extends SlowFaultName
    ? number | SlowFault | undefined
    : number | undefined;
} & {
  /** Chooses the occasions: a whole number from 0 to 4294967295, 1 when absent. The same seed chooses the same ones. */
  readonly seed?: number | undefined;
};
