import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FunctionDefinition } from "../template/function-definition.ts";

/**
 * Lets built code in `directory` find the packages that its build left out. On Lambda the AWS SDK is part of the
 * runtime and others come from layers; here all of them come from the project of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export async function linkExternalPackages(
  { codePath, esbuild }: FunctionDefinition,
  directory: string,
): Promise<void> {
  if (esbuild?.External === undefined && esbuild?.Packages === undefined) {
    return;
  }
  const packages = nearestPackages(codePath);
  if (packages !== undefined) {
    await symlink(packages, join(directory, "node_modules"), "junction");
  }
}

function nearestPackages(folder: string): string | undefined {
  const packages = join(folder, "node_modules");
  if (existsSync(packages)) {
    return packages;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestPackages(parent);
}
