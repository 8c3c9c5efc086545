import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { cutText } from "./text.ts";

/** What is accepted besides programs of this machine. */
interface CrossOriginOptions {
  /** Further names that requests may be addressed to, without ports. */
  readonly hosts?: readonly string[] | undefined;
  /** The web pages that may call the signed APIs, for example `http://localhost:5173`. */
  readonly origins?: readonly string[] | undefined;
}

/** How a request is to be checked. */
interface CrossOriginCheck {
  /** True for the APIs that take signed calls. Everybody knows the credentials `local`, so any page could sign one. */
  readonly signed: boolean;
  /** Takes the sentence that a rejected request is answered with. */
  readonly onRejected: (problem: string) => void;
}

/** Whether a request passes; `problem` is the sentence that it is answered with. */
type Checked = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** No page can make them resolve to another address: the first is this machine itself, the second Docker's name for it. */
const HOSTS = ["localhost", "host.docker.internal"];

/** Host and port of a request; the host may be an IPv6 address in brackets. */
const HOST = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:]*))(?::\d*)?$/;

const HOST_NAME = /^[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?$/i;

/** The longest part of a request that a sentence repeats, in characters. */
const WIDTH = 60;

/** How long a browser may keep the answer to its preflight request, in seconds. */
const PREFLIGHT_AGE = "600";

/**
 * Keeps web pages from what is on this machine. A browser says which page a request is from in `Origin`, and every
 * request that writes has one. A page whose own name is made to lead to this machine (DNS rebinding) sends none to "its
 * own" server, but its name in `Host`. Programs send whatever they like, and are trusted: they could read the files too.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export class CrossOriginProtection {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor({ hosts = [], origins = [] }: CrossOriginOptions = {}) {
    this.#hosts = new Set([...HOSTS, ...hosts.map((host) => host.toLowerCase())]);
    this.#origins = new Set(origins);
  }

  /**
   * Whether a request may be addressed to its host. An IP address always passes, because no page can have it as its name
   * without being on that machine; so does a request without a host.
   */
  checkHost({ headers }: IncomingMessage): Checked {
    const { host } = headers;
    const { address, name = "" } = (host !== undefined && HOST.exec(host)?.groups) || {};
    const passes =
      host === undefined ||
      isIP(address ?? name) !== 0 ||
      (address === undefined && this.#hosts.has(name.toLowerCase()));
    if (passes) {
      return { ok: true };
    }
    const hint = isHostName(name) ? `; --allow-host ${cutText(name, WIDTH)} would accept it` : "";
    const problem = `This gateway does not answer for the host ${cutText(host, WIDTH)}${hint}`;
    return { ok: false, problem };
  }

  /**
   * Whether a request may be addressed to its host, and is not from a page of another origin. Another port is another
   * origin. A browser says in `Sec-Fetch-Site` where a request without `Origin` is from. A proxy in front may speak TLS.
   *
   * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
   */
  checkSameOrigin(request: IncomingMessage): Checked {
    const checked = this.checkHost(request);
    const { origin, host, "sec-fetch-site": site = "none" } = request.headers;
    const isOwn =
      origin === undefined
        ? /^(none|same-origin)$/.test(String(site))
        : [`http://${host}`, `https://${host}`].includes(origin);
    return !checked.ok || isOwn
      ? checked
      : { ok: false, problem: "A web page of another origin may not call this API" };
  }

  /**
   * Answers a request that is rejected, with 403, and the preflight request of a page that may call. False when the
   * request is still to be answered; then the page that it is from, if any, may read the answer.
   */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    { signed, onRejected }: CrossOriginCheck,
  ): boolean {
    const host = this.checkHost(request);
    const checked = host.ok && signed ? this.#checkOrigin(request) : host;
    if (!checked.ok) {
      const { problem } = checked;
      onRejected(problem);
      const headers = {
        "content-type": "application/json",
        "x-amzn-errortype": "ForbiddenException",
      };
      response.writeHead(403, headers).end(JSON.stringify({ message: problem }));
      return true;
    }
    const { origin } = request.headers;
    if (!signed || origin === undefined) {
      return false;
    }
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", "*");
    response.setHeader("vary", "origin");
    if (request.method !== "OPTIONS") {
      return false;
    }
    const { "access-control-request-headers": requested = "" } = request.headers;
    response.setHeader("access-control-allow-headers", requested);
    response.setHeader("access-control-allow-methods", "POST, GET, DELETE");
    response.setHeader("access-control-max-age", PREFLIGHT_AGE);
    response.writeHead(204).end();
    return true;
  }

  #checkOrigin({ headers: { origin } }: IncomingMessage): Checked {
    if (origin === undefined || this.#origins.has(origin)) {
      return { ok: true };
    }
    const hint = isOrigin(origin)
      ? `; --allow-origin ${cutText(origin, WIDTH)} would accept it`
      : "";
    const problem = `A web page may not call this API, and the request has an Origin${hint}`;
    return { ok: false, problem };
  }
}

/** True for a name without a port, which an `allowHosts` may be. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text);
}

/** True for a scheme, a host and a port if need be, as browsers write them, which an `allowOrigins` may be. */
export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
