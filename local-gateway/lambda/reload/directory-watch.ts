import { type FSWatcher, statSync, watch } from "node:fs";
import { join } from "node:path";

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: number;
}

/** Tells of changed files in a set of directories; directories below them are not part of it. */
export class DirectoryWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #onChange: (path: string) => void;

  /** Tells `onChange` the absolute path of a file that was written, made, renamed or removed; once or more often. */
  constructor(onChange: (path: string) => void) {
    this.#onChange = onChange;
  }

  /** Watches these directories from now on, and no others. One that does not exist is left out. */
  watch(directories: Iterable<string>): void {
    const wanted = new Map(Array.from(directories, (path) => [path, inodeOf(path)]));
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
    this.watch([]);
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
