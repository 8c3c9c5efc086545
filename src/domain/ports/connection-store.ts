import type { Connection } from "../connection.ts";

/** The relay's memory of who is connected. Every method rejects when the store cannot be reached. */
export interface ConnectionStore {
  /** Registers a connection. A second registration of the same id replaces the first. */
  add(connection: Connection): Promise<void>;

  /** Forgets a connection. Forgetting an unknown one is no error. */
  remove(connectionId: string): Promise<void>;

  /**
   * Forgets a connection only if it was registered before `time` (milliseconds since 1970), in one step. A younger
   * one stays, and neither that nor an unknown id is an error.
   */
  removeRegisteredBefore(time: number, connectionId: string): Promise<void>;
}
