import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const PACKAGES = `${sep}node_modules${sep}`;

/**
 * True when Node would read the `.js` file as an ES module only because of a package.json above `root`, the absolute path
 * of a function's code. On Lambda there is nothing above, and such a file is CommonJS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#designate-es-module
 */
export function isModuleByOthers(root: string, file: string): boolean {
  const isOwn = file.startsWith(root + sep) && !file.includes(PACKAGES, root.length);
  if (!isOwn || !file.endsWith(".js")) {
    return false;
  }
  const folder = nearestPackage(dirname(file));
  return folder !== undefined && folder.length < root.length && saysModule(folder);
}

function nearestPackage(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) {
    return folder;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestPackage(parent);
}

function saysModule(folder: string): boolean {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).type === "module";
}
