import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../domain/ports.ts";
import type { Sdk } from "./dynamodb-client.ts";

/** The time that one method of a store may take in all, with all its calls, their tries and the waits between them, in milliseconds. */
export const CALL_TIMEOUT = 4000;

/**
 * Loads the SDK when the first call needs it. `config` is the SDK's own, `clock` the wall clock, by which idle sockets are
 * dropped, and `attempts` how often the SDK tries a call.
 */
export function lazySdk(
  config: DynamoDBClientConfig,
  clock: Clock,
  attempts: number,
): () => Promise<Sdk> {
  let sdk: Promise<Sdk> | undefined;
  return async () => {
    sdk ??= import("./dynamodb-client.ts").then(({ createSdk }) =>
      createSdk(config, clock, attempts),
    );
    try {
      return await sdk;
    } catch (error) {
      // The next call tries again.
      sdk = undefined;
      throw error;
    }
  };
}

/** When a method must have ended: at its deadline, or after its usual time if that is earlier. */
export function endOf(deadline = Number.POSITIVE_INFINITY): number {
  return Math.min(deadline, Date.now() + CALL_TIMEOUT);
}

/** Ends a call in time. The SDK's own timeouts end when an answer begins, but an answer may never end. */
export function endBy(end: number): { readonly abortSignal: AbortSignal } {
  const left = end - Date.now();
  // A signal with no time left would be aborted only after the call has gone out.
  return { abortSignal: left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort() };
}
