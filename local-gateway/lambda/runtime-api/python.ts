import { execFile } from "node:child_process";

/** A Python of this machine. */
export interface Python {
  /** The absolute path of its program. */
  readonly executable: string;
  /** For example `3.13`. */
  readonly version: string;
  /** The folder of the packages that its user has installed for himself. */
  readonly userPackages: string;
}

/** How long a Python may take to describe itself, in milliseconds: the first start reads much from the disk. */
const TIMEOUT = 30_000;

/** The bootstrap needs no earlier one. */
const FIRST_MINOR = 8;

const DESCRIBE = `
import json, site, sys
print(json.dumps([sys.executable, sys.version_info[0], sys.version_info[1], site.getusersitepackages()]))`;

/** Finds the Pythons of this machine. Each command is tried once. */
export class PythonFinder {
  readonly #tried = new Map<string, Promise<Python | undefined>>();

  /**
   * Finds the Python for a version, for example `3.13`: that one, or any `python3`. It is found as from a shell, so that the
   * one of an active virtual environment comes first.
   */
  async find(version: string): Promise<Python | undefined> {
    const usual = await this.#try("python3");
    return usual?.version === version ? usual : ((await this.#try(`python${version}`)) ?? usual);
  }

  #try(command: string): Promise<Python | undefined> {
    const tried = this.#tried.get(command) ?? describePython(command);
    this.#tried.set(command, tried);
    return tried;
  }
}

function describePython(command: string): Promise<Python | undefined> {
  const { promise, resolve } = Promise.withResolvers<Python | undefined>();
  execFile(command, ["-c", DESCRIBE], { timeout: TIMEOUT }, (error, output) =>
    resolve(error === null ? readDescription(output) : undefined),
  );
  return promise;
}

function readDescription(output: string): Python | undefined {
  try {
    const [executable, major, minor, userPackages] = JSON.parse(output);
    return major === 3 && minor >= FIRST_MINOR
      ? { executable, version: `${major}.${minor}`, userPackages }
      : undefined;
  } catch {
    return undefined;
  }
}
