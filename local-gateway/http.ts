import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { LocalGatewayError } from "./errors.ts";

/**
 * What became of reading a request's body: all of it, more than the limit (`size` is in bytes), or the client went away
 * before its end.
 */
type RequestBody =
  | { readonly kind: "complete"; readonly body: Buffer }
  | { readonly kind: "too large"; readonly size: number }
  | { readonly kind: "aborted" };

/**
 * Reads the body of a request to its end, and keeps at most `limit` bytes. What is more is still read, and thrown away: a
 * client that is writing does not read an answer. Never rejects.
 */
export function readRequestBody(request: IncomingMessage, limit: number): Promise<RequestBody> {
  const { promise, resolve } = Promise.withResolvers<RequestBody>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) {
      chunks.push(chunk);
    } else {
      chunks.length = 0;
    }
  });
  request.on("end", () =>
    resolve(
      size <= limit
        ? { kind: "complete", body: Buffer.concat(chunks, size) }
        : { kind: "too large", size },
    ),
  );
  const onAborted = () => resolve({ kind: "aborted" });
  request.on("error", onAborted);
  request.on("close", onAborted);
  return promise;
}

/**
 * The trace header of a request, in which the SDKs say from which invocation they call; undefined when there is none.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html#invocation-recursion-supported-sdks
 */
export function traceHeader({
  "x-amzn-trace-id": header,
}: IncomingHttpHeaders): string | undefined {
  return typeof header === "string" ? header : undefined;
}

const ANY_IPV4 = "0.0.0.0";
const ANY_IPV6 = "::";

/** The host part of a URL under which a listener on `host` is reached from this machine. */
export function reachableHost(host: string): string {
  if (host === ANY_IPV4) {
    return "127.0.0.1";
  }
  if (host === ANY_IPV6) {
    return "[::1]";
  }
  return host.includes(":") ? `[${host}]` : host;
}

/** One of the gateway's own listeners. */
interface Listener {
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
export function listenFailure(
  { what, host, port, advice }: Listener,
  cause: unknown,
): LocalGatewayError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const failure = `${what} cannot listen on ${host}:${port}: ${REASONS[code] ?? message}.`;
  return new LocalGatewayError(
    code === "EADDRINUSE" ? "PORT_IN_USE" : "LISTEN_FAILED",
    PORT_IS_WRONG.has(code) ? `${failure} ${advice}` : failure,
    { cause },
  );
}
