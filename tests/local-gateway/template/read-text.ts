import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readApplication } from "../../../local-gateway/template/application.ts";

/** Reads a template from its text, as if it were the file `<folder>/template.yaml` beside the folder `src/app`. */
export async function readText(text: string, parameterOverrides: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "template-"));
  const file = join(folder, "template.yaml");
  await writeFile(file, text);
  await mkdir(join(folder, "src/app"), { recursive: true });
  try {
    return await readApplication(file, { region: "eu-west-1", parameterOverrides });
  } finally {
    await rm(folder, { recursive: true });
  }
}
