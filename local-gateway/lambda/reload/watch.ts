import { type FSWatcher, statSync, watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: number;
}

/** How often a directory itself is looked at, which no watcher in it tells of, in milliseconds. */
const LOOK_INTERVAL = 1000;

/** Tells of changed files in a set of directories; directories below them are not part of it. */
export class DirectoryWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #onChange: (path: string) => void;
  readonly #onReplaced: () => void;
  readonly #looking = setInterval(() => this.#lookAtDirectories(), LOOK_INTERVAL).unref();
  #directories: readonly string[] = [];

  /**
   * Tells `onChange` the absolute path of a file that was written, made, renamed or removed, once or more often, and
   * `onReplaced` that a directory as a whole was removed, made or replaced.
   */
  constructor(onChange: (path: string) => void, onReplaced: () => void) {
    this.#onChange = onChange;
    this.#onReplaced = onReplaced;
  }

  /** Watches these directories from now on, and no others. One that does not exist is waited for. */
  watch(directories: Iterable<string>): void {
    this.#directories = [...directories];
    const wanted = new Map(this.#directories.map((path) => [path, inodeOf(path)]));
    for (const [path, { inode }] of this.#watched) {
      // A directory that was removed and made again is another one.
      if (wanted.get(path) !== inode) {
        this.#forget(path);
      }
    }
    for (const [path, inode] of wanted) {
      if (inode !== undefined && !this.#watched.has(path)) {
        this.#add(path, inode);
      }
    }
  }

  close(): void {
    clearInterval(this.#looking);
    this.watch([]);
  }

  #lookAtDirectories(): void {
    const isOther = (path: string) => inodeOf(path) !== this.#watched.get(path)?.inode;
    if (this.#directories.some(isOther)) {
      this.watch(this.#directories);
      this.#onReplaced();
    }
  }

  #add(path: string, inode: number): void {
    const watcher = watch(path, (_event, name) => this.#onChange(join(path, name ?? "")));
    watcher.on("error", () => this.#forget(path));
    this.#watched.set(path, { watcher, inode });
  }

  #forget(path: string): void {
    this.#watched.get(path)?.watcher.close();
    this.#watched.delete(path);
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/**
 * The directories in which somebody writes code: `roots` and those below, but neither installed packages nor hidden
 * ones. One that does not exist, or is gone meanwhile, is left out.
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
  const inner = entries
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
    .map(({ name }) => join(directory, name));
  return [directory, ...(await sourceDirectories(inner))];
}
