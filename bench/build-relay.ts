import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** The relay's function as it would be deployed; disposing removes it. */
export interface Bundle extends AsyncDisposable {
  /** The URL of the file that Lambda loads. */
  readonly url: string;
  /** The URL of the file that it loads with the first event that needs the table. */
  readonly lateUrl: string;
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
  const late = names.find((name) => name.startsWith("dynamodb-client-"));
  if (late === undefined) {
    throw new Error("The table's client has no file of its own.");
  }
  return {
    url: pathToFileURL(join(directory, "handler.mjs")).href,
    lateUrl: pathToFileURL(join(directory, late)).href,
    bytes,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
