import { type Dirent, type FSWatcher, watch as fsWatch, type Stats, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Watches one directory, as `watch` of node:fs does: throws when the system does not allow it. */
export type WatchDirectory = (
  path: string,
  listener: (event: string, name: string | null) => void,
) => Pick<FSWatcher, "on" | "close">;

/** Receives the changes in a set of directories. */
interface WatchListeners {
  /** A file, given by its absolute path, was written, made, renamed or removed. May be called more than once for each. */
  readonly onChange: (path: string) => void;
  /** A directory as a whole was removed, made or replaced, or can be watched again. */
  readonly onReplaced: () => void;
  /** The system does not allow to watch a directory: its changes are missed. Called for the first of several. */
  readonly onUnwatchable: (path: string, error: NodeJS.ErrnoException) => void;
}

interface Watched {
  readonly watcher: Pick<FSWatcher, "close">;
  readonly inode: number;
}

/** How often to check a directory itself, whose removal no watcher in it notices, in milliseconds. */
const CHECK_INTERVAL = 1000;

/** Reports changed files in a set of directories; directories below them are not part of it. */
export class DirectoryWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #unwatchable = new Set<string>();
  readonly #listeners: WatchListeners;
  readonly #watchDirectory: WatchDirectory;
  readonly #checking = setInterval(() => this.#check(), CHECK_INTERVAL).unref();
  #directories: readonly string[] = [];

  constructor(listeners: WatchListeners, watchDirectory: WatchDirectory = fsWatch) {
    this.#listeners = listeners;
    this.#watchDirectory = watchDirectory;
  }

  /** Watches these directories from now on, and no others. One that does not exist is watched once it does. */
  watch(directories: Iterable<string>): void {
    this.#directories = [...directories];
    const wanted = new Map(this.#directories.map((path) => [path, inodeOf(path)]));
    for (const [path, { inode }] of this.#watched) {
      // A directory that was removed and made again is another one.
      if (wanted.get(path) !== inode) {
        this.#forget(path);
      }
    }
    for (const path of this.#unwatchable) {
      if (wanted.get(path) === undefined) {
        this.#unwatchable.delete(path);
      }
    }
    for (const [path, inode] of wanted) {
      if (inode !== undefined && !this.#watched.has(path)) {
        this.#add(path, inode);
      }
    }
  }

  /** Notices replaced directories, and tries unwatchable ones again. */
  #check(): void {
    const isOther = (path: string) => inodeOf(path) !== this.#watched.get(path)?.inode;
    const others = this.#directories.filter(isOther);
    if (others.length === 0) {
      return;
    }
    this.watch(this.#directories);
    if (others.some((path) => !this.#unwatchable.has(path))) {
      this.#listeners.onReplaced();
    }
  }

  close(): void {
    clearInterval(this.#checking);
    this.watch([]);
  }

  #add(path: string, inode: number): void {
    let watcher: ReturnType<WatchDirectory>;
    try {
      watcher = this.#watchDirectory(path, (_event, name) =>
        this.#listeners.onChange(join(path, name ?? "")),
      );
    } catch (thrown) {
      const error = thrown as NodeJS.ErrnoException;
      // A directory that has been removed meanwhile is watched once it exists again.
      if (error.code !== "ENOENT") {
        const isFirst = this.#unwatchable.size === 0;
        this.#unwatchable.add(path);
        if (isFirst) {
          this.#listeners.onUnwatchable(path, error);
        }
      }
      return;
    }
    watcher.on("error", () => this.#forget(path));
    this.#watched.set(path, { watcher, inode });
    this.#unwatchable.delete(path);
  }

  #forget(path: string): void {
    this.#watched.get(path)?.watcher.close();
    this.#watched.delete(path);
  }
}

function inodeOf(path: string): number | undefined {
  return statOf(path)?.ino;
}

/** The file or directory at a path; undefined when it does not exist, or the system does not allow to look at it. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Hidden directories, and what Node.js and Python keep next to the sources. */
const NO_SOURCES = /^\.|^(?:node_modules|__pycache__|venv)$|\.(?:dist|egg)-info$/;

/**
 * The directories that contain source code: `roots` and those below, without installed packages and hidden ones. One that
 * does not exist, or is removed meanwhile, is left out.
 */
export async function sourceDirectories(roots: Iterable<string>): Promise<string[]> {
  const found = await Promise.all(Array.from(roots, below));
  return [...new Set(found.flat())];
}

async function below(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    return [];
  }
  const installed = await packagesOf(directory, entries);
  const inner = entries
    .filter((entry) => entry.isDirectory() && !NO_SOURCES.test(entry.name))
    .map(({ name }) => join(directory, name))
    .filter((path) => !installed.has(path));
  return [directory, ...(await sourceDirectories(inner))];
}

/**
 * The directories of the Python packages that pip has installed next to each other in `directory`, as `sam build` does. Each
 * package has a directory `name-version.dist-info` with a list of its files.
 *
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
async function packagesOf(
  directory: string,
  entries: readonly Dirent[],
): Promise<ReadonlySet<string>> {
  const records = entries
    .filter(({ name }) => name.endsWith(".dist-info"))
    .map(({ name }) => readFile(join(directory, name, "RECORD"), "utf8").catch(() => ""));
  const files = (await Promise.all(records)).flatMap((record) => record.split("\n"));
  return new Set(files.map((file) => join(directory, file.slice(0, file.indexOf("/")))));
}
