import { readdir } from "node:fs/promises";
import { join } from "node:path";

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
