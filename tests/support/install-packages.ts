import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, relative } from "node:path";
import { INSTALL, npm } from "./npm.ts";

const FILES = ["package.json", "package-lock.json"];

/** What says that everything is installed, and when. */
const MARKER = "installed";

/**
 * How long packages are kept, in milliseconds. Systems take files out of the temporary folder one by one when nobody has used
 * them for some days; npm's own cache makes a new installation quick.
 */
const MAX_AGE = 24 * 60 * 60 * 1000;

/** How long a test, or a hook, that may have to install packages takes at most, in milliseconds. */
export const INSTALL_TIMEOUT = 180_000;

/**
 * Installs the packages that the lock file in the folder `manifest` names, below the system's temporary folder, and resolves
 * with the folder whose `node_modules` has them. Test files and runs with the same lock file share it: change nothing in it.
 * Without the registry it gives what an earlier run has installed, or what npm has in its cache; otherwise it rejects.
 *
 * @param options of `npm ci`, for example `--ignore-scripts`
 */
export async function installPackages(
  manifest: string,
  options: readonly string[] = [],
): Promise<string> {
  const parent = await ownFolder();
  const hash = createHash("sha256").update(JSON.stringify([process.platform, process.arch]));
  hash.update(JSON.stringify(options));
  for (const file of FILES) {
    hash.update(await readFile(join(manifest, file)));
  }
  const folder = join(parent, hash.digest("hex").slice(0, 16));
  if (await isInstalled(folder)) {
    return folder;
  }
  const made = await mkdtemp(join(parent, "new-"));
  try {
    for (const file of FILES) {
      await copyFile(join(manifest, file), join(made, file));
    }
    await npmCi(made, options, manifest);
    await writeFile(join(made, MARKER), "");
    await replace(folder, made);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return folder;
}

/** A folder that no other user of the machine can write to: what is in it will be run. */
async function ownFolder(): Promise<string> {
  const { uid, username } = userInfo();
  const folder = join(tmpdir(), `websocket-relay-tests-${username}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await stat(folder);
  // Windows has no owners of this kind, and a temporary folder for each user.
  if (uid !== -1 && (found.uid !== uid || (found.mode & 0o022) !== 0)) {
    throw new Error(`${folder} belongs to somebody else: remove it, or set TMPDIR.`);
  }
  return folder;
}

async function isInstalled(folder: string): Promise<boolean> {
  const marker = await stat(join(folder, MARKER)).catch(() => undefined);
  return marker !== undefined && Date.now() - marker.mtimeMs < MAX_AGE;
}

async function npmCi(folder: string, options: readonly string[], manifest: string): Promise<void> {
  try {
    await npm(["ci", ...INSTALL, ...options], folder);
  } catch (cause) {
    const sentence = `The packages of ${relative("", manifest)} cannot be installed: this test needs the npm registry, or an earlier run within a day.`;
    throw new Error(sentence, { cause });
  }
}

/** Puts `made` in the place of `folder`, unless another process was faster. */
async function replace(folder: string, made: string): Promise<void> {
  if (await isInstalled(folder)) {
    return;
  }
  await rm(folder, { recursive: true, force: true });
  await rename(made, folder).catch(async (error) => {
    if (!(await isInstalled(folder))) {
      throw error;
    }
  });
}
