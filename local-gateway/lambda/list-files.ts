import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** A file of a built function. */
export interface BuiltFile {
  /** Relative to the folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** The files in a folder and in the folders in it, by name. */
export async function listFiles(directory: string): Promise<readonly BuiltFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return await Promise.all(
    paths.map(async (path) => ({
      name: relative(directory, path),
      size: (await stat(path)).size,
    })),
  );
}
