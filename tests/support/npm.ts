import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";

/** Options for `npm install` and `npm ci`: what npm has in its cache is good enough, and nothing but errors is printed. */
export const INSTALL = ["--no-audit", "--no-fund", "--prefer-offline"];

/** Runs npm on this Node, with more variables, and resolves with its standard output. Rejects unless it exits with 0. */
export async function npm(
  args: readonly string[],
  cwd: string,
  variables: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", args, {
    cwd,
    env: { ...environment(process.execPath), ...variables },
    shell: process.platform === "win32",
  });
  return stdout;
}

/**
 * The environment of a shell in which `node` is this Node. Nothing of the npm and the Node that run the tests, except for the
 * certificates that somebody's network needs; and no colours, which some programs use in a CI run.
 */
export function environment(node: string): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: a command has the environment of whoever runs it.
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_(?!EXTRA_CA_CERTS$)|FORCE_COLOR$)/i.test(name),
  );
  const { PATH = "", ...rest } = Object.fromEntries(entries);
  return { ...rest, NO_COLOR: "1", PATH: `${dirname(node)}${delimiter}${PATH}` };
}
