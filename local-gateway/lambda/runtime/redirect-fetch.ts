import type { LocalHosts } from "../local-hosts.ts";

/** The part of undici's dispatchers, which carry out what fetch asks for, that counts here. */
interface Dispatcher {
  dispatch(options: DispatchOptions, handler: object): boolean;
}

interface DispatchOptions {
  readonly origin: string | URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where undici keeps the dispatcher of everybody who brings none. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/**
 * Sends what `fetch` requests from `hosts` to this machine, as `redirectRequests` does for https, which fetch does not
 * use. A dispatcher has to do it: fetch itself lets nobody choose the Host header, over which requests are signed.
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
        // An answer may have redirected it elsewhere.
        String(options.origin) === `https://${host}`
          ? { ...options, origin, headers: { ...options.headers, host } }
          : options,
        handler,
      ),
  });
}
