import type { Invocation } from "../lambda/invocation.ts";
import type { ChosenFunction } from "./find-function.ts";
import type { InvokeRequest } from "./invoke-request.ts";

/** An Invoke call that may be made and can be carried out. */
export interface AcceptedInvocation extends ChosenFunction, InvokeRequest {
  readonly invocation: Invocation;
  /** The payload as it was received, UTF-8. */
  readonly payload: Buffer;
}
