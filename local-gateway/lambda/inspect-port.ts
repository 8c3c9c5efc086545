import { listenFailure } from "../listen-failure.ts";
import { freePort } from "./free-port.ts";

const ADVICE =
  "Choose another first port with --inspect=PORT; --inspect=0 takes any that are free.";

/**
 * The port on which a debugger may attach to the function at `index`, counted from 0: each function after the first has
 * the next port, and with `inspect` 0 any free one. Undefined when nobody inspects.
 *
 * Throws with two sentences when the port is in use.
 */
export async function inspectPort(
  inspect: number | undefined,
  index: number,
  functionId: string,
): Promise<number | undefined> {
  if (inspect === undefined) {
    return;
  }
  const port = inspect === 0 ? 0 : inspect + index;
  try {
    return await freePort(port);
  } catch (cause) {
    const what = `The debugger of ${functionId}`;
    throw listenFailure({ what, host: "127.0.0.1", port, advice: ADVICE }, cause);
  }
}
