import { collectFailures } from "../failures.ts";
import { UseCase } from "../parts.ts";

/** A client has gone: the relay forgets it. */
export class Disconnect extends UseCase {
  /**
   * Removes the registration and the memberships; an unknown connection is no error. `deadline` is when the invocation must
   * be over, in milliseconds since 1970. Returns what went wrong afterwards, for the log; rejects if the store fails.
   */
  async execute(input: {
    readonly connectionId: string;
    readonly deadline: number;
  }): Promise<{ readonly failures: readonly unknown[] }> {
    const { connectionId, deadline } = input;
    const { failures, onFailure } = collectFailures();
    await this.parts.presence.removeConnection(connectionId, { deadline, onFailure });
    return { failures };
  }
}
