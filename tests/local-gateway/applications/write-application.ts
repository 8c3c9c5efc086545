import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** By path, the content of files; a program also has a mode. */
export type ApplicationFiles = Readonly<
  Record<string, string | Uint8Array | { readonly text: string; readonly mode: number }>
>;

/**
 * Writes an application into a folder of its own, from its files by path; disposing removes it. The template may be in
 * another place than at the top.
 */
export async function writeApplication(files: ApplicationFiles, template = "template.yaml") {
  const folder = await mkdtemp(join(tmpdir(), "application-"));
  for (const [path, file] of Object.entries(files)) {
    const isProgram = typeof file === "object" && "mode" in file;
    const { text, mode } = isProgram ? file : { text: file, mode: 0o644 };
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode });
  }
  return {
    folder,
    template: join(folder, template),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
