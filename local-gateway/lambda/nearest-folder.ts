import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** `folder` or the nearest one above it that contains this file or folder; undefined without one. */
export function nearestFolder(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) {
    return folder;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestFolder(parent, name);
}
