import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INSTALL_TIMEOUT, installPackages } from "../support/install-packages.ts";

/** Writes a manifest that needs one package, or none; disposing removes it. */
async function writeManifest(dependencies: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "manifest-"));
  const project = { name: "manifest", version: "1.0.0", dependencies };
  const packages = Object.entries(dependencies).map(([name, version]) => [
    `node_modules/${name}`,
    { version, integrity: `sha512-${"A".repeat(86)}==` },
  ]);
  const lock = {
    ...project,
    lockfileVersion: 3,
    requires: true,
    packages: { "": project, ...Object.fromEntries(packages) },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(project));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test(
  "the packages of one lock file are installed once, outside the project",
  async () => {
    await using manifest = await writeManifest({});
    const installed = await installPackages(manifest.folder);
    const { ino } = await stat(installed);
    expect(await installPackages(manifest.folder)).toBe(installed);
    expect((await stat(installed)).ino).toBe(ino);
    expect(installed.startsWith(tmpdir())).toBe(true);
  },
  INSTALL_TIMEOUT,
);

test(
  "packages that cannot be installed are an error that says what the test needs",
  async () => {
    await using manifest = await writeManifest({ "left-pad": "1.3.0" });
    const nowhere = ["--registry", "http://127.0.0.1:9", "--fetch-retries", "0"];
    const options = [...nowhere, "--cache", join(manifest.folder, "cache")];
    await expect(installPackages(manifest.folder, options)).rejects.toThrow(
      /^The packages of .* cannot be installed: this test needs the npm registry, or an earlier run within a day\.$/,
    );
  },
  INSTALL_TIMEOUT,
);
