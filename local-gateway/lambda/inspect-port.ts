import { freePort } from "./free-port.ts";

/**
 * The port on which a debugger may attach to the function at `index`, counted from 0: each function after the first has
 * the next port, and with `inspect` 0 any free one. Undefined when nobody inspects.
 *
 * Throws with one sentence when the port is in use.
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
    const place = `127.0.0.1:${port}`;
    throw new Error(`Cannot inspect ${functionId} on ${place}: the port cannot be had.`, { cause });
  }
}
