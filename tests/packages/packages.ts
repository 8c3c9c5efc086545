import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { installPackages } from "../support/install-packages.ts";
import { environment, INSTALL, npm } from "../support/npm.ts";

const PROJECT = resolve(import.meta.dirname, "..", "..");
const FIXTURES = join(import.meta.dirname, "fixtures");

/** A package as `npm publish` would send it. */
export interface Tarball {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** The files in it, by name. */
  readonly files: readonly string[];
}

/** What a program wrote, and how it ended. */
interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An application that has installed the packages, in a folder with a space in its path. */
export interface App {
  readonly folder: string;
  /** Writes a file of the application, and returns its path. */
  write(name: string, text: string): Promise<string>;
}

/**
 * Packs the workspaces, and installs what the tests need into a temporary folder outside the repository. Disposing removes
 * it.
 */
export async function packPackages() {
  const folder = await mkdtemp(join(tmpdir(), "the packages-"));
  const [tarballs, tools] = await Promise.all([
    pack(folder),
    // With their scripts: that of node brings its binary.
    installPackages(FIXTURES),
  ]);
  let apps = 0;
  /** Installs both packages next to the files of these fixtures; a later one takes the place of an earlier one's. */
  async function install(fixtures: readonly string[], options: readonly string[]): Promise<App> {
    apps += 1;
    const app = join(folder, `app ${apps}`);
    for (const fixture of fixtures) {
      await cp(join(FIXTURES, fixture), app, { recursive: true });
    }
    const paths = tarballs.map(({ path }) => path);
    const own = ["--save-dev", "--ignore-scripts", ...options];
    await npm(["install", ...own, ...INSTALL, ...paths], app);
    return {
      folder: app,
      async write(name, text) {
        const file = join(app, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
        return file;
      },
    };
  }
  return {
    folder,
    tarballs,
    /** The path of a Node binary of this major version. */
    node: (major: 22 | 24) =>
      major === 24 ? process.execPath : join(tools, "node_modules", "node", "bin", "node"),
    /** Runs a program of the tools' packages. */
    runTool: (name: string, args: readonly string[]) =>
      run(process.execPath, [join(tools, "node_modules", name), ...args], tools),
    /** Installs both packages into a fresh application, a copy of the fixture, with more options of `npm install`. */
    install: (...options: string[]) => install(["echo"], options),
    /** The same with the test runners of docs/testing.md. */
    installWithRunners: () => install(["echo", "runners"], []),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Packing has to build: what an earlier build has left is removed first. */
async function pack(destination: string): Promise<readonly Tarball[]> {
  for (const workspace of ["client", "local-gateway"]) {
    await rm(join(PROJECT, workspace, "dist"), { recursive: true, force: true });
  }
  const args = ["pack", "--workspaces", "--json", "--pack-destination", destination];
  const packed: { name: string; filename: string; files: { path: string }[] }[] = JSON.parse(
    await npm(args, PROJECT),
  );
  return packed.map(({ name, filename, files }) => ({
    name,
    path: join(destination, filename),
    files: files.map(({ path }) => path).sort(),
  }));
}

/** Runs a program to its end, in an environment whose `node` is this one. Never rejects because of its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  node: string = command,
): Promise<Outcome> {
  return await new Promise((settle) => {
    execFile(command, args, { cwd, env: environment(node) }, (error, stdout, stderr) => {
      settle({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
