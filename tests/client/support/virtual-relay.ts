import { AsyncLocalStorage } from "node:async_hooks";
import type { WebSocketLike } from "../../../client/index.ts";
import type {
  CloseOutcome,
  MessageSender,
  ProbeOutcome,
  SendOutcome,
} from "../../../src/domain/ports.ts";
import { assembleInMemory } from "../../support/assemble-in-memory.ts";
import { InMemoryConnectionStore } from "../../support/in-memory-connection-store.ts";
import { InMemoryMessageHistory, throttling } from "../../support/in-memory-message-history.ts";
import { FakeClock, settle } from "./fake-clock.ts";
import type { Random } from "./random.ts";

const [CONNECTING, OPEN, CLOSED] = [0, 1, 3];
const ROUTES = ["sendMessageRoute", "subscribe", "unsubscribe", "members", "history"];
const TIMEOUT = 26_000;
/** After so many turns without a step nothing happens any more without time. */
const QUIET = 3;
const BEGIN = Date.UTC(2026, 10, 22, 10);

/** The shares of calls to which something happens, and the longest delays in milliseconds. */
export interface Trouble {
  /** API Gateway accepts a post, and it does not arrive. */
  readonly lostPost: number;
  /** Nobody knows what became of a post. */
  readonly failedPost: number;
  /** API Gateway says of a connection that is alive that it is gone. */
  readonly spuriousGone: number;
  readonly duplicateEvent: number;
  readonly lostDisconnect: number;
  readonly databaseError: number;
  readonly throttledHistory: number;
  /** A write of history is done, and not answered. */
  readonly unanswered: number;
  /** A call of the database takes up to seconds. */
  readonly slowCall: number;
  readonly eventDelay: number;
  readonly postDelay: number;
}

export const NO_TROUBLE: Trouble = {
  lostPost: 0,
  failedPost: 0,
  spuriousGone: 0,
  duplicateEvent: 0,
  lostDisconnect: 0,
  databaseError: 0,
  throttledHistory: 0,
  unanswered: 0,
  slowCall: 0,
  eventDelay: 20,
  postDelay: 20,
};

/** One run of the function, until its environment ends. */
interface Invocation {
  readonly environment: Environment;
  readonly skew: number;
}

/** An environment of the function: it has one event at a time. What runs when it ends never goes on. */
interface Environment {
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly end: PromiseWithResolvers<void>;
  hasEnded: boolean;
}

/** A client's socket. */
export class VirtualWebSocket implements WebSocketLike {
  readyState = CONNECTING;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  /** The line is dead, and neither side knows it. */
  isDead = false;
  /** When the last post arrives: posts to one connection do not overtake each other. */
  lastPostAt = 0;
  readonly connectionId: string;
  readonly #relay: VirtualRelay;

  constructor(url: string, relay: VirtualRelay) {
    this.#relay = relay;
    this.connectionId = relay.connect(this, url);
  }

  send(text: string): void {
    if (this.readyState === OPEN && !this.isDead) {
      this.#relay.message(this, text);
    }
  }

  close(): void {
    this.readyState = CLOSED;
    this.#relay.disconnect(this);
  }

  /** The line drops; `isNoticed` says whether the client's side knows. */
  cut(isNoticed: boolean): void {
    this.isDead = true;
    this.#relay.disconnect(this);
    if (isNoticed) {
      this.fail(1006);
    }
  }

  fail(code: number): void {
    if (this.readyState !== CLOSED) {
      this.readyState = CLOSED;
      this.onclose?.({ code, reason: "" } as never);
    }
  }
}

/**
 * The whole function on ports in memory, with an API Gateway in front of it, in a time of its own: only what is told to
 * happen happens, and the same seed always has the same course.
 */
export class VirtualRelay {
  readonly clock: FakeClock;
  readonly history: InMemoryMessageHistory;
  readonly store: InMemoryConnectionStore;
  trouble: Trouble = NO_TROUBLE;
  /** How many of the clients' questions for history the function has answered or not, by their times. */
  readonly questions: { readonly connectionId: string; readonly at: number }[] = [];
  readonly #random: Random;
  readonly #hours: number;
  readonly #sockets = new Map<string, VirtualWebSocket>();
  /** How many calls of the function's ports have begun or gone on: while they do, something happens without time. */
  #steps = 0;
  readonly #current = new AsyncLocalStorage<Invocation>();
  /** All environments, and those without an event. */
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  #later = 0;
  #count = 0;

  constructor(random: Random, hours = 24) {
    this.#random = random;
    this.#hours = hours;
    this.clock = new FakeClock(() => this.settle());
    this.history = new InMemoryMessageHistory(() => this.now());
    this.store = new InMemoryConnectionStore(() => this.now());
    this.history.before = (call) => this.#access(call);
    this.history.after = (call) => {
      const isWrite = call === "store message" || call === "close number";
      if (isWrite && this.#random.chance(this.trouble.unanswered)) {
        throw new Error("There was no answer.");
      }
      return this.#goOn();
    };
    this.store.beforeAccess = (access) => this.#access(access);
  }

  /** The relay's time, in milliseconds since 1970. */
  now(): number {
    return BEGIN + this.#later + this.clock.now();
  }

  /** So much time passes in which nothing happens. */
  skip(milliseconds: number): void {
    this.#later += milliseconds;
    this.history.deleteExpired(this.now());
  }

  /** Resolves when everything has been done that can go on without time. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET; quiet += 1) {
      const before = this.#steps;
      await settle();
      quiet = this.#steps === before ? quiet : 0;
    }
  }

  /** The function's environments end, with all that they were doing. */
  restart(): void {
    for (const environment of this.#environments) {
      environment.hasEnded = true;
      environment.end.resolve();
    }
    this.#environments.clear();
    this.#idle.length = 0;
  }

  /** Invokes the function as a backend does. */
  async invoke(event: object): Promise<Record<string, unknown>> {
    return (await this.#invoke(event)) as Record<string, unknown>;
  }

  /** A client begins to connect. Returns the connection's id. */
  connect(socket: VirtualWebSocket, url: string): string {
    const connectionId = `c${++this.#count}=`;
    const parameters = new URL(url).searchParams;
    const names = ["user", "channel"].filter((name) => parameters.has(name));
    void this.#connect(socket, connectionId, {
      requestContext: this.#context(connectionId, "CONNECT", "$connect"),
      multiValueHeaders: {},
      multiValueQueryStringParameters: Object.fromEntries(
        names.map((name) => [name, parameters.getAll(name)]),
      ),
    });
    return connectionId;
  }

  /** A client has sent a text. */
  message({ connectionId }: VirtualWebSocket, text: string): void {
    const { action } = JSON.parse(text) as { readonly action: string };
    const routeKey = ROUTES.includes(action) ? action : "$default";
    if (action === "history") {
      this.questions.push({ connectionId, at: this.clock.now() });
    }
    const messageId = `m${++this.#count}=`;
    const requestContext = { ...this.#context(connectionId, "MESSAGE", routeKey), messageId };
    const times = this.#random.chance(this.trouble.duplicateEvent) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.#after(this.#random.next() * this.trouble.eventDelay, () => {
        void this.#invoke({ requestContext, body: text });
      });
    }
  }

  /** A socket has ended. */
  disconnect({ connectionId }: VirtualWebSocket): void {
    if (this.#sockets.has(connectionId) && !this.#random.chance(this.trouble.lostDisconnect)) {
      this.#after(this.#random.next() * 3000, () => {
        const requestContext = this.#context(connectionId, "DISCONNECT", "$disconnect");
        void this.#invoke({ requestContext });
      });
    }
    this.#after(this.#random.next() * 10_000, () => this.#sockets.delete(connectionId));
  }

  async #connect(socket: VirtualWebSocket, connectionId: string, event: object): Promise<void> {
    await this.#pass(this.#random.next() * this.trouble.eventDelay);
    const answer = (await this.#invoke(event)) as { readonly statusCode: number } | undefined;
    if (socket.readyState !== CONNECTING) {
      return;
    }
    if (answer?.statusCode !== 200 || socket.isDead) {
      socket.fail(1006);
      return;
    }
    this.#sockets.set(connectionId, socket);
    socket.readyState = OPEN;
    socket.onopen?.({} as never);
  }

  async #invoke(event: object): Promise<unknown> {
    const environment = this.#idle.pop() ?? this.#start();
    // Environments have clocks of their own.
    const skew = (this.#random.next() - 0.5) * 5000;
    const invocation: Invocation = { environment, skew };
    try {
      const ended = environment.end.promise;
      const done = this.#current.run(invocation, () => environment.invoke(event));
      return await Promise.race([done, ended]);
    } finally {
      if (!environment.hasEnded) {
        this.#idle.push(environment);
      }
    }
  }

  #context(connectionId: string, eventType: string, routeKey: string) {
    return { eventType, routeKey, connectionId, requestId: `r${++this.#count}=` };
  }

  #start(): Environment {
    const { invoke } = assembleInMemory({
      clock: () => this.now() + (this.#current.getStore()?.skew ?? 0),
      wait: (milliseconds) => this.#pass(milliseconds),
      config: { history: { table: "messages", hours: this.#hours } },
      store: this.store,
      history: this.history,
      sender: this.#sender(),
    });
    const environment: Environment = {
      // The function adds what is left to the time of the machine.
      invoke: (event) => invoke(event, this.now() - Date.now() + TIMEOUT) as Promise<unknown>,
      end: Promise.withResolvers(),
      hasEnded: false,
    };
    this.#environments.add(environment);
    return environment;
  }

  /** An access to the database. */
  async #access(name: string): Promise<void> {
    const { databaseError, throttledHistory, slowCall } = this.trouble;
    await this.#goOn();
    if (this.#random.chance(slowCall)) {
      await this.#pass(this.#random.next() * 6000);
    }
    if (this.#random.chance(databaseError)) {
      throw new Error("The table is away.");
    }
    const isHistory = /number|message|positions|entries/.test(name) && name !== "count message";
    if (isHistory && this.#random.chance(throttledHistory)) {
      throw throttling();
    }
  }

  #sender(): MessageSender {
    return {
      send: async (connectionId, text): Promise<SendOutcome> => {
        await this.#goOn();
        const { lostPost, failedPost, spuriousGone } = this.trouble;
        const socket = this.#sockets.get(connectionId);
        if (!socket) {
          return "gone";
        }
        const isGone = this.#random.chance(spuriousGone);
        const isFailed = this.#random.chance(failedPost);
        const isLost = this.#random.chance(lostPost);
        const arrives = !isLost && !(isGone || isFailed ? this.#random.chance(0.5) : false);
        if (arrives) {
          this.#post(socket, text);
        }
        if (isFailed) {
          throw new Error("The network is away.");
        }
        return isGone ? "gone" : "delivered";
      },
      probe: async (connectionId): Promise<ProbeOutcome> => {
        await this.#goOn();
        return this.#sockets.has(connectionId) ? "alive" : "gone";
      },
      close: async (connectionId): Promise<CloseOutcome> => {
        await this.#goOn();
        return this.#sockets.has(connectionId) ? "closed" : "gone";
      },
    };
  }

  #post(socket: VirtualWebSocket, text: string): void {
    const at = this.clock.now() + this.#random.next() * this.trouble.postDelay;
    socket.lastPostAt = Math.max(socket.lastPostAt, at);
    this.#after(socket.lastPostAt - this.clock.now(), () => {
      if (socket.readyState === OPEN && !socket.isDead) {
        socket.onmessage?.({ data: text } as never);
      }
    });
  }

  /** Lets time pass for the invocation that is running. */
  #pass(milliseconds: number): Promise<void> {
    const invocation = this.#current.getStore();
    return new Promise((resolve) => {
      this.#after(milliseconds, () => resolve(this.#goOn(invocation)));
    });
  }

  /** What an environment did when it ended never goes on. */
  #goOn(invocation = this.#current.getStore()): Promise<void> | undefined {
    this.#steps += 1;
    return invocation?.environment.hasEnded ? new Promise(() => {}) : undefined;
  }

  #after(milliseconds: number, act: () => void): void {
    this.clock.setTimeout(act, milliseconds);
  }
}
