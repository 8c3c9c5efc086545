import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { nearestFolder } from "./nearest-folder.ts";

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
  const project = nearestFolder(codePath, "node_modules");
  if (project !== undefined) {
    await symlink(join(project, "node_modules"), join(directory, "node_modules"), "junction");
  }
}
