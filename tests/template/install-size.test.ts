import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What `npm install` may need on the disk, in MB of 1024 × 1024 bytes, as `du -sm` counts. */
const LIMIT = 510;

/** Most file systems store files in whole blocks of this size, in bytes. */
const BLOCK = 4096;

/** The size of a folder's files, in bytes. A file with two names counts once, and the caches of tools do not. */
function sizeOf(folder: string, seen = new Set<number>()): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== ".cache")
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return BLOCK + sizeOf(path, seen);
      }
      const { ino, size } = lstatSync(path);
      if (seen.has(ino)) {
        return 0;
      }
      seen.add(ino);
      return Math.ceil(size / BLOCK) * BLOCK;
    })
    .reduce((sum, size) => sum + size, 0);
}

test("what npm installs is no larger than its limit: what only some tests need is not in it", () => {
  const megabytes = Math.ceil(sizeOf("node_modules") / 1024 / 1024);
  expect(megabytes).toBeLessThanOrEqual(LIMIT);
});
