/**
 * Most applications post to `https://{domainName}/{stage}` of the event, and aws-sdk v2 knows no endpoint variables. On
 * AWS both names lead to the API; here the name cannot be resolved differently, and no certificate would be accepted. So
 * the two functions through which every https request of Node goes, of any SDK and version, are wrapped.
 */

import http, {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import https, { type RequestOptions } from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { urlToHttpOptions } from "node:url";
import type { LocalHosts } from "../variables.ts";

type OnResponse = (response: IncomingMessage) => void;

type RequestArguments = [
  RequestOptions | string | URL,
  (RequestOptions | OnResponse)?,
  OnResponse?,
];

/**
 * Sends the https requests for `hosts` to this machine, without TLS and otherwise unchanged: above all the Host header,
 * which a signature covers. Other requests are not affected.
 */
export function redirectRequests(hosts: LocalHosts): void {
  const originalRequest = https.request;
  const agent = new http.Agent({ keepAlive: true });
  const request = (...args: RequestArguments): ClientRequest => {
    const options = readOptions(args);
    const host = String(options.hostname || options.host || "").toLowerCase();
    const origin = Number(options.port || 443) === 443 ? hosts[host] : undefined;
    return origin === undefined
      ? Reflect.apply(originalRequest, https, args)
      : http.request(
          { ...options, ...optionsOf(origin), headers: withHost(options, host), agent },
          args.find((arg) => typeof arg === "function"),
        );
  };
  https.request = request;
  https.get = (...args: RequestArguments): ClientRequest => request(...args).end();
  // Imports by name have to get them, too.
  syncBuiltinESMExports();
}

function readOptions([first, second]: RequestArguments): RequestOptions {
  const url = typeof first === "string" ? new URL(first) : first;
  const options = typeof second === "object" ? second : {};
  return url instanceof URL ? { ...urlToHttpOptions(url), ...options } : url;
}

/** Replaces the options that lead to the real host or through TLS. */
function optionsOf(origin: string): RequestOptions {
  const { hostname, port } = new URL(origin);
  return {
    protocol: "http:",
    // Without the brackets that a URL has around an IPv6 address.
    hostname: hostname.replace(/^\[|\]$/g, ""),
    host: null,
    port,
    defaultPort: 80,
    createConnection: undefined,
    socketPath: undefined,
  };
}

function withHost(
  { headers = {}, setHost }: RequestOptions,
  host: string,
): OutgoingHttpHeaders | readonly string[] {
  if (isList(headers) || setHost === false) {
    return headers;
  }
  const hasHost = Object.keys(headers).some((name) => name.toLowerCase() === "host");
  return hasHost ? headers : { ...headers, host };
}

function isList(headers: object): headers is readonly string[] {
  return Array.isArray(headers);
}

/** The part of undici's dispatchers, which carry out the requests of fetch, that is used here. */
interface Dispatcher {
  dispatch(options: DispatchOptions, handler: object): boolean;
}

interface DispatchOptions {
  readonly origin: string | URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** The symbol under which undici keeps the default dispatcher. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/**
 * Sends the requests of `fetch` for `hosts` to this machine, as `redirectRequests` does for https, which fetch does not
 * use. It takes a dispatcher: with fetch itself the Host header, which a signature covers, cannot be chosen.
 */
export function redirectFetch(hosts: LocalHosts): void {
  const originalFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = URL.parse(input instanceof Request ? input.url : String(input));
    const origin = url?.protocol === "https:" && url.port === "" ? hosts[url.hostname] : undefined;
    return url === null || origin === undefined
      ? await originalFetch(input, init)
      : await originalFetch(input, { ...init, dispatcher: dispatcherTo(origin, url.hostname) });
  };
}

function dispatcherTo(origin: string, host: string) {
  const usual: Dispatcher = Reflect.get(globalThis, DISPATCHER);
  return Object.assign(Object.create(usual), {
    dispatch: (options: DispatchOptions, handler: object) =>
      usual.dispatch(
        // An answer may have redirected it to another host.
        String(options.origin) === `https://${host}`
          ? { ...options, origin, headers: { ...options.headers, host } }
          : options,
        handler,
      ),
  });
}
