import { rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { readConfig } from "./cli/config.ts";
import { findTemplate } from "./cli/find-template.ts";
import { printError } from "./cli/process.ts";
import { readCommandLine } from "./command-line.ts";
import { buildFunction, listFiles } from "./lambda/build.ts";
import { DEFAULT_REGION } from "./options.ts";
import { readApplication } from "./template/application.ts";

/** Where the functions are built to, relative to the working directory. */
const OUTPUT = ".build";

const USAGE = "Usage: npm run build -- [--template FILE]";

/** Builds every function of the template that esbuild builds, as its deployment would. */
async function build(): Promise<void> {
  const options = { template: { type: "string" } } as const;
  const { values } = readCommandLine({ options }, USAGE);
  const { parameterOverrides = {}, ...shared } = readConfig(process.cwd());
  const template = values.template ?? shared.template ?? findTemplate(process.cwd());
  // Nothing that depends on the region is built.
  const region = DEFAULT_REGION;
  const { functions } = await readApplication(template, { region, parameterOverrides });
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
  printError(error);
  process.exitCode = 1;
}
