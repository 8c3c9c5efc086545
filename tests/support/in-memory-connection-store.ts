import { setImmediate } from "node:timers/promises";
import type { Group } from "../../protocol/frames.ts";
import type { Connection, Membership } from "../../src/domain/connection.ts";
import type { ConnectionStore, MembersPage, StoredConnection } from "../../src/domain/ports.ts";

/** Connections in one page: few, so that a test needs few for several pages. */
const PAGE = 3;

/** The table as its indexes see it. */
interface Indexed {
  readonly connections: readonly Connection[];
  readonly memberships: readonly Membership[];
}

/**
 * A connection store that remembers only as long as the test runs, and can be made to fail. Like a real one it takes its
 * time: a caller that does not wait for a call does not see what it did.
 */
export class InMemoryConnectionStore implements ConnectionStore {
  readonly connections = new Map<string, Connection>();
  /** By connection id and channel, with a space between them. */
  readonly #memberships = new Map<string, Membership>();
  /** How many messages were counted, by connection id and minute. */
  readonly #counts = new Map<string, number>();
  /** While set, every call rejects with it. */
  failure: Error | undefined;
  /** The times by which calls had to be answered, in their order. */
  readonly deadlines: number[] = [];
  /** Is called before each access to the table, with its name, and may wait or throw. */
  beforeAccess: (access: string) => unknown = () => {};
  readonly #now: () => number;
  #indexed: Indexed | undefined;

  /** @param now the time by which it decides whether a deadline is over */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** How many pages of groups were asked for. */
  pages = 0;

  get memberships(): readonly Membership[] {
    return [...this.#memberships.values()];
  }

  /** From now on the indexes stay as they are, whatever happens to the table. */
  holdIndexes(): void {
    this.#indexed = { connections: [...this.connections.values()], memberships: this.memberships };
  }

  /** The indexes catch up with the table. */
  releaseIndexes(): void {
    this.#indexed = undefined;
  }

  /** Puts a membership into the table at once. */
  putMembership(membership: Membership): void {
    this.#memberships.set(`${membership.connectionId} ${membership.channel}`, membership);
  }

  async add(connection: Connection, memberships: readonly Membership[] = []): Promise<void> {
    await this.#turn("put registration");
    this.connections.set(connection.connectionId, connection);
    for (const membership of memberships) {
      await this.#turn("put membership");
      this.putMembership(membership);
    }
  }

  async join(memberships: readonly Membership[], deadline: number): Promise<void> {
    for (const membership of memberships) {
      await this.#turn("put membership", deadline);
      this.putMembership(membership);
    }
  }

  async leave(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | "unknown" | undefined> {
    await this.#turn("delete membership", deadline);
    const membership = this.#memberships.get(`${connectionId} ${channel}`);
    this.#memberships.delete(`${connectionId} ${channel}`);
    return membership;
  }

  async find(connectionId: string, deadline: number): Promise<Connection | undefined> {
    await this.#turn("get registration", deadline);
    return this.connections.get(connectionId);
  }

  async findMembership(
    connectionId: string,
    channel: string,
    deadline: number,
  ): Promise<Membership | undefined> {
    await this.#turn("get membership", deadline);
    return this.#memberships.get(`${connectionId} ${channel}`);
  }

  async findStored(connectionId: string, deadline: number): Promise<StoredConnection> {
    await this.#turn("query connection", deadline);
    return {
      connection: this.connections.get(connectionId),
      memberships: this.memberships.filter((it) => it.connectionId === connectionId),
    };
  }

  async *findAll(
    group: Group,
    deadline: number,
    after = "",
  ): AsyncGenerator<readonly { readonly connectionId: string; readonly expiresAt: number }[]> {
    const { connections, memberships } = this.#index();
    const found: readonly (Connection | Membership)[] =
      "user" in group
        ? connections.filter(({ user }) => user === group.user)
        : memberships.filter(({ channel }) => channel === group.channel);
    const members = found.filter((it) => it.connectionId > after).sort(byId);
    do {
      this.pages += 1;
      await this.#turn("query group", deadline);
      yield members.splice(0, PAGE);
    } while (members.length > 0);
  }

  async findMembers(
    channel: string,
    { after = "", limit }: { readonly after: string | undefined; readonly limit: number },
    deadline: number,
  ): Promise<MembersPage> {
    await this.#turn("query members", deadline);
    const left = this.#index()
      .memberships.filter((it) => it.channel === channel && it.connectionId > after)
      .sort(byId);
    const members = left.slice(0, limit);
    return { members, next: left.length > limit ? members.at(-1)?.connectionId : undefined };
  }

  async findWatchers(channel: string, deadline: number): Promise<readonly Membership[]> {
    await this.#turn("query watchers", deadline);
    return this.#index().memberships.filter((it) => it.channel === channel && it.presence);
  }

  async countMessage(
    connectionId: string,
    { now, limit }: { readonly now: number; readonly limit: number },
    deadline: number,
  ): Promise<Connection | "limited" | undefined> {
    await this.#turn("count message", deadline);
    const connection = this.connections.get(connectionId);
    const key = `${connectionId} ${Math.floor(now / 60_000)}`;
    const counted = this.#counts.get(key) ?? 0;
    if (connection === undefined || connection.expiresAt <= now) {
      return undefined;
    }
    this.#counts.set(key, counted + 1);
    return counted < limit ? connection : "limited";
  }

  async remove(connectionId: string, deadline?: number): Promise<readonly Membership[]> {
    await this.#turn("delete registration", deadline);
    this.connections.delete(connectionId);
    await this.#turn("query connection", deadline);
    const removed = this.memberships.filter((it) => it.connectionId === connectionId);
    for (const { channel } of removed) {
      await this.#turn("delete membership", deadline);
      this.#memberships.delete(`${connectionId} ${channel}`);
    }
    return removed;
  }

  #index(): Indexed {
    return (
      this.#indexed ?? {
        connections: [...this.connections.values()],
        memberships: this.memberships,
      }
    );
  }

  async #turn(access: string, deadline?: number): Promise<void> {
    await setImmediate();
    if (deadline !== undefined) {
      this.deadlines.push(deadline);
      if (deadline < this.#now()) {
        throw new Error("There is no time left.");
      }
    }
    if (this.failure !== undefined) {
      throw this.failure;
    }
    await this.beforeAccess(access);
  }
}

function byId(one: { readonly connectionId: string }, other: { readonly connectionId: string }) {
  return one.connectionId < other.connectionId ? -1 : 1;
}
