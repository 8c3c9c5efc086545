import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder nearest to `folder`, itself or one above it, that has this file or folder in it; undefined without one. */
export function nearestFolder(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) {
    return folder;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestFolder(parent, name);
}
