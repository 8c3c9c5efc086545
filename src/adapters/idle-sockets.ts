import type { Clock } from "../domain/ports.ts";

/**
 * How long a client may go without a call and keep its sockets, in milliseconds. Servers wait longer before they close an
 * idle one, and a new socket costs little.
 */
const LONGEST_PAUSE = 3000;

/** The part of an AWS SDK client that is used here. */
interface Client {
  readonly config: {
    readonly requestHandler: { readonly handle: unknown; httpHandlerConfigs?(): object };
  };
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: "initialize"; name: string }): void;
  };
}

type Middleware = <Call, Result>(
  next: (call: Call) => Promise<Result>,
) => (call: Call) => Promise<Result>;

/** The part of a Node agent that is used here. */
interface Agent {
  readonly freeSockets: Readonly<Record<string, readonly { destroy(): unknown }[] | undefined>>;
}

/**
 * Lets the client begin with new sockets after a pause. Lambda freezes an environment between two events, and a frozen
 * environment does not see that the other side has closed a socket: the first call on it would fail, and nobody would
 * know whether it has arrived. `clock` must be the wall clock, since timers are frozen, too. Calls under way keep their
 * sockets.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function dropIdleSockets({ config, middlewareStack }: Client, clock: Clock): void {
  let lastCall = clock();
  const middleware: Middleware = (next) => (call) => {
    const now = clock();
    if (now - lastCall > LONGEST_PAUSE) {
      const agents = config.requestHandler.httpHandlerConfigs?.() ?? {};
      Object.values(agents).forEach(dropFreeSockets);
    }
    lastCall = now;
    return next(call);
  };
  middlewareStack.add(middleware, { step: "initialize", name: "dropIdleSockets" });
}

/** Drops the free sockets of an agent. Other members of a handler's configuration have none. */
function dropFreeSockets(agent: Partial<Agent> | undefined): void {
  for (const socket of Object.values(agent?.freeSockets ?? {}).flat()) {
    socket?.destroy();
  }
}
