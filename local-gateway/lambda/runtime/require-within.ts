import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { isModuleByOthers } from "./is-module-by-others.ts";

type Compile = (source: string, file: string, format: "commonjs") => unknown;

/**
 * Loads a `.js` file of a function, and the files of the function that it requires, as CommonJS, although a package.json
 * above the function's code says otherwise. Throws what the files throw. `root` is the absolute path of the code.
 */
export function requireWithin(root: string, file: string): unknown {
  const require = createRequire(file);
  const realRoot = realpathSync(root);
  const load = require.extensions[".js"];
  // Node offers no other way: its module hooks cannot make CommonJS of what a package.json calls a module.
  require.extensions[".js"] = (module, path) => {
    const compile: Compile | undefined = Reflect.get(module, "_compile");
    return compile !== undefined && isModuleByOthers(realRoot, path)
      ? compile.call(module, readFileSync(path, "utf8"), path, "commonjs")
      : load?.(module, path);
  };
  return require(file);
}
