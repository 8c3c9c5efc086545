import type { FaultName } from "./fault-name.ts";

/** What a fault may strike. */
export interface FaultTarget {
  /** A routeKey, the method of a management call, or an operation of DynamoDB. */
  readonly subject: string;
  readonly connectionId?: string;
}

/** A fault that struck. */
export interface FaultStrike extends FaultTarget {
  readonly fault: FaultName;
}
