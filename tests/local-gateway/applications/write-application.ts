import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes an application into a folder of its own, from its files by path; disposing removes it. */
export async function writeApplication(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), "application-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return {
    folder,
    template: join(folder, "template.yaml"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
