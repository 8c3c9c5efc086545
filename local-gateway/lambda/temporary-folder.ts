import { createHash } from "node:crypto";
import { type Dirent, readlinkSync } from "node:fs";
import { lstat, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "local-gateway";

/**
 * A process id is unique only within its machine and container, and several of them may share the folder for temporary
 * files: this names ours.
 */
const PROCESSES = createHash("sha256")
  .update(JSON.stringify([hostname(), pidNamespace()]))
  .digest("hex")
  .slice(0, 8);

/** The names of our folders, with the id of the process that made them. */
const NAME = new RegExp(`^${PREFIX}-${PROCESSES}-(\\d+)-\\w{6}$`);

/**
 * Makes a folder of this process in the system's folder for temporary files, and removes those that killed gateways have
 * left behind. Returns its path, without symbolic links. The caller removes it.
 *
 * Throws the system's error when it cannot be made.
 */
export async function makeTemporaryFolder(): Promise<string> {
  // A source map leads from the place that Node finds to the sources.
  const parent = await realpath(tmpdir());
  await removeAbandoned(parent);
  return await mkdtemp(join(parent, `${PREFIX}-${PROCESSES}-${process.pid}-`));
}

/** Only folders of ended processes and of this user. One that cannot be removed stays: it does no harm. */
async function removeAbandoned(parent: string): Promise<void> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter(isAbandoned)) {
    const folder = join(parent, entry.name);
    if (await isOurs(folder)) {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
    }
  }
}

function isAbandoned(entry: Dirent): boolean {
  const [, pid] = NAME.exec(entry.name) ?? [];
  return entry.isDirectory() && pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Any other error means that it runs, as another user's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const owner = await lstat(folder).catch(() => undefined);
  return owner !== undefined && (process.getuid === undefined || owner.uid === process.getuid());
}

/** @see https://man7.org/linux/man-pages/man7/pid_namespaces.7.html */
function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
