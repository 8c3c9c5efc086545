/** One of the gateway's own listeners. */
export interface Listener {
  /** What listens, at the beginning of a sentence. */
  readonly what: string;
  readonly host: string;
  readonly port: number;
  /** How to choose another port. */
  readonly advice: string;
}

/** Why, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission to use the port",
  EADDRINUSE: "another program uses the port",
  EADDRNOTAVAIL: "this is not an address of this machine",
  ENOTFOUND: "no host has this name",
};

/** With these another port helps; with the others the host is wrong. */
const PORT_IS_WRONG = new Set(["EACCES", "EADDRINUSE"]);

/** The error, in two sentences at most, when a listener cannot listen: which one, why, and what to do. */
export function listenFailure({ what, host, port, advice }: Listener, cause: unknown): Error {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const failure = `${what} cannot listen on ${host}:${port}: ${REASONS[code] ?? message}.`;
  return new Error(PORT_IS_WRONG.has(code) ? `${failure} ${advice}` : failure, { cause });
}
