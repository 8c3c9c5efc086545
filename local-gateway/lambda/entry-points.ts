import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import type { EsbuildProperties } from "../template/esbuild-properties.ts";

/**
 * The files that a build begins with: those of EntryPoints, relative to `codePath`. One without an extension is the
 * TypeScript or else the JavaScript file of that name, as in SAM.
 *
 * Throws when there are none or one does not exist.
 */
export function entryPoints(properties: EsbuildProperties, codePath: string): string[] {
  const { EntryPoints } = properties;
  if (!Array.isArray(EntryPoints) || EntryPoints.length === 0) {
    throw new Error("the BuildProperty EntryPoints must be a list of files");
  }
  return EntryPoints.map((entryPoint: string) => {
    const names = extname(entryPoint) ? [entryPoint] : [`${entryPoint}.ts`, `${entryPoint}.js`];
    const found = names.find((name) => existsSync(resolve(codePath, name)));
    if (found === undefined) {
      throw new Error(`the entry point ${resolve(codePath, entryPoint)} does not exist`);
    }
    return found;
  });
}
