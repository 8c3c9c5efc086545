import { execFile } from "node:child_process";
import { appendFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { installPackages } from "../support/install-packages.ts";

const PROJECT = resolve(import.meta.dirname, "..", "..");
const BUILD = join(PROJECT, "local-gateway", "build-cli.ts");
const PACKAGES = join(import.meta.dirname, "fixtures");
const run = promisify(execFile);

/** What Lambda and the template would give the function: enough for it to load. */
const ENVIRONMENT = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "http://127.0.0.1:9/dev",
  AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9",
  CONNECTIONS_TABLE: "local-ConnectionsTable",
  AWS_LAMBDA_FUNCTION_NAME: "local-RelayFunction",
};

/** Prints what the export `addition` of a bundle gives for a path, as JSON. */
const PROGRAM = `
const [, bundle, path] = process.argv;
const { addition } = await import(bundle);
process.stdout.write(JSON.stringify(await addition(path)));
process.exit();
`;

/**
 * Copies what a fork of the project changes into a temporary folder, and installs packages that the project does not
 * have. Disposing removes it.
 */
export async function createFork() {
  const folder = await mkdtemp(join(tmpdir(), "fork-"));
  const packages = await installPackages(PACKAGES, ["--ignore-scripts"]);
  await symlink(join(packages, "node_modules"), join(folder, "node_modules"), "junction");
  let copies = 0;
  return {
    /**
     * Adds a file `src/app/addition.ts`, which exports a function `addition`, to a fresh copy, and the other `files` as
     * they are; builds the function with the template's own properties; and resolves with what the addition returns
     * for the path of a text file that says "some bytes".
     */
    async run(source: string, files: Readonly<Record<string, string>> = {}): Promise<unknown> {
      copies += 1;
      const copy = join(folder, `copy-${copies}`);
      await mkdir(copy);
      for (const name of ["src", "protocol", "template.yaml", "tsconfig.json", "package.json"]) {
        await cp(join(PROJECT, name), join(copy, name), { recursive: true }).catch(ignoreMissing);
      }
      // Its own packages are found there, and those that were added in the folder above.
      await symlink(join(PROJECT, "node_modules"), join(copy, "node_modules"), "junction");
      const added = { "src/app/addition.ts": source, "some-bytes.txt": "some bytes", ...files };
      for (const [name, text] of Object.entries(added)) {
        await writeFile(join(copy, name), text);
      }
      await appendFile(
        join(copy, "src/app/handler.ts"),
        'export { addition } from "./addition.ts";\n',
      );
      await run(process.execPath, [BUILD, "--template", join(copy, "template.yaml")], {
        cwd: copy,
      });
      const bundle = join(copy, ".build", "RelayFunction", "handler.mjs");
      const { stdout } = await run(
        process.execPath,
        [
          "--input-type=module",
          "-e",
          PROGRAM,
          pathToFileURL(bundle).href,
          join(copy, "some-bytes.txt"),
        ],
        { env: ENVIRONMENT },
      );
      return JSON.parse(stdout);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") {
    throw error;
  }
}
