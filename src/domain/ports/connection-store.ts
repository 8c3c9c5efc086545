import type { Connection } from "../connection.ts";
import type { Group } from "../group.ts";

/**
 * The relay's memory of who is connected. Every method rejects when the store cannot be reached, and those that take
 * `until` (milliseconds since 1970) also when they have not ended by then.
 */
export interface ConnectionStore {
  /** Registers a connection. A second registration of the same id replaces the first. */
  add(connection: Connection): Promise<void>;

  /** The registration of a connection, as it is now; undefined if there is none. */
  find(connectionId: string, until: number): Promise<Connection | undefined>;

  /**
   * The connections of a group, page by page, in no order; a page is asked for when the one before has been taken.
   * Someone who was registered a moment ago may be missing, and one who has just been forgotten still be there.
   */
  findAll(
    group: Group,
    until: number,
  ): AsyncIterable<readonly Pick<Connection, "connectionId" | "expiresAt">[]>;

  /** Forgets a connection. Forgetting an unknown one is no error. Without `until` it takes its usual time at most. */
  remove(connectionId: string, until?: number): Promise<void>;
}
