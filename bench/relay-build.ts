import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** The relay's function as it would be deployed; disposing removes it. */
interface Bundle extends AsyncDisposable {
  /** The URL of the file that Lambda loads. */
  readonly url: string;
  /** The URL of the file that it loads with the first event that needs the table. */
  readonly lazyUrl: string;
  /** The bytes of all its files, without source maps. */
  readonly bytes: number;
}

const PROJECT = resolve(import.meta.dirname, "..");

/** Builds the relay's function with the template's own BuildProperties, as `npm run build` does. */
export async function buildRelay(): Promise<Bundle> {
  const build = join(PROJECT, "local-gateway", "build-cli.ts");
  const template = join(PROJECT, "template.yaml");
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  await promisify(execFile)(process.execPath, [build, "--template", template], { cwd: folder });
  const directory = join(folder, ".build", "RelayFunction");
  const names = (await readdir(directory)).filter((name) => !name.endsWith(".map"));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory, name))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const lazy = names.find((name) => name.startsWith("dynamodb-table-"));
  if (lazy === undefined) {
    throw new Error("The table's client has no file of its own.");
  }
  return {
    url: pathToFileURL(join(directory, "handler.mjs")).href,
    lazyUrl: pathToFileURL(join(directory, lazy)).href,
    bytes,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/**
 * The environment variables of the relay's function, as Lambda would set them, with both of AWS's endpoints at
 * `endpoint`, a URL without a path.
 */
export function relayEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    CONNECTIONS_TABLE: "local-ConnectionsTable",
    AWS_LAMBDA_FUNCTION_NAME: "local-RelayFunction",
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `${endpoint}/dev`,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  };
}
