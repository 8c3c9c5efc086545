import type { Group } from "../../protocol/frames.ts";
import type { Connection } from "../domain/connection.ts";
import type { ConnectionStore } from "../domain/ports.ts";

/**
 * A connection store that is loaded when it is first asked for something. A table's client takes a good part of a cold
 * start, and most raw forwards need no table.
 */
export class LateConnectionStore implements ConnectionStore {
  readonly #load: () => Promise<ConnectionStore>;
  #store: Promise<ConnectionStore> | undefined;

  /** `load` is called once at most; where it rejects, so does every method. */
  constructor(load: () => Promise<ConnectionStore>) {
    this.#load = load;
  }

  async add(connection: Connection): Promise<void> {
    await (await this.#loaded()).add(connection);
  }

  async find(connectionId: string, until: number): Promise<Connection | undefined> {
    return await (await this.#loaded()).find(connectionId, until);
  }

  async *findAll(
    group: Group,
    until: number,
  ): AsyncGenerator<readonly Pick<Connection, "connectionId" | "expiresAt">[]> {
    yield* (await this.#loaded()).findAll(group, until);
  }

  async remove(connectionId: string, until?: number): Promise<void> {
    await (await this.#loaded()).remove(connectionId, until);
  }

  #loaded(): Promise<ConnectionStore> {
    this.#store ??= this.#load();
    return this.#store;
  }
}
