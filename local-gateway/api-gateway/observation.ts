import type { DisconnectCause } from "./disconnect-cause.ts";

/** Something that the gateway did, for whoever watches it. Durations in milliseconds, sizes in bytes; no texts. */
export type Observation =
  | { readonly kind: "connected"; readonly connectionId: string; readonly duration: number }
  | {
      readonly kind: "refused";
      readonly connectionId?: string;
      readonly status: number;
      readonly problem: string;
    }
  | {
      readonly kind: "message";
      readonly connectionId: string;
      /** Absent when no route was selected. */
      readonly routeKey?: string;
      readonly size: number;
      readonly duration: number;
      /** What went wrong with the integration or its answer. */
      readonly problem?: string;
    }
  | { readonly kind: "answer"; readonly connectionId: string; readonly size: number }
  | {
      readonly kind: "disconnected";
      readonly connectionId: string;
      readonly cause: DisconnectCause;
      /** What went wrong with `$disconnect`. */
      readonly problem?: string;
    }
  | {
      readonly kind: "management call";
      readonly method: string;
      readonly connectionId: string;
      readonly status: number;
      /** Of what was posted. */
      readonly size: number;
    }
  | { readonly kind: "error"; readonly error: unknown };
