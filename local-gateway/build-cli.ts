import { rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildFunction, listFiles } from "./lambda/build.ts";
import { readApplication } from "./template/application.ts";

/** Where the functions are built to, relative to the working directory. */
const OUTPUT = ".build";

/** Builds every function of the template that esbuild builds, as its deployment would. */
async function build(): Promise<void> {
  const { values } = parseArgs({ options: { template: { type: "string" } } });
  const template = values.template ?? "template.yaml";
  // Nothing that depends on the region or on a parameter is built.
  const { functions } = await readApplication(template, { region: "us-east-1" });
  for (const definition of functions.values()) {
    const directory = resolve(OUTPUT, definition.logicalId);
    await rm(directory, { recursive: true, force: true });
    const { codePath } = await buildFunction(definition, directory);
    if (codePath !== directory) {
      console.log(`${definition.logicalId} is not built: it runs from ${relative("", codePath)}`);
      continue;
    }
    for (const { name, size } of await listFiles(directory)) {
      const map = name.endsWith(".map") ? " (source map)" : "";
      console.log(`${join(OUTPUT, definition.logicalId, name)}  ${size} bytes${map}`);
    }
  }
}

try {
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
