import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { run } from "./packages.ts";

const WORKSPACES = ["client", "local-gateway"] as const;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository: { readonly url: string; readonly directory: string };
  readonly scripts: Readonly<Record<string, string>>;
}

/** What a workflow of GitHub's says, as far as these tests ask. */
interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<string, { readonly permissions: object; readonly steps: readonly { run?: string }[] }>
  >;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

test("a changeset becomes the next version and the changelog of its package, and of no other", async () => {
  const copy = await mkdtemp(join(tmpdir(), "release-"));
  try {
    for (const folder of [...WORKSPACES, ".changeset"]) {
      await mkdir(join(copy, folder));
    }
    for (const folder of WORKSPACES) {
      for (const file of ["package.json", "CHANGELOG.md"]) {
        await cp(join(folder, file), join(copy, folder, file));
      }
    }
    await cp("package.json", join(copy, "package.json"));
    await cp("package-lock.json", join(copy, "package-lock.json"));
    await cp(".changeset/config.json", join(copy, ".changeset/config.json"));
    await symlink(resolve("node_modules"), join(copy, "node_modules"), "junction");
    const [before, other] = await Promise.all(WORKSPACES.map(readManifest));
    const changeset = `---\n"${before?.name}": minor\n---\n\nIt also sings.\n`;
    await writeFile(join(copy, ".changeset/brave-birds-sing.md"), changeset);

    const program = resolve("node_modules/@changesets/cli/bin.js");
    expect(await run(process.execPath, [program, "version"], copy)).toMatchObject({ code: 0 });

    const after = await readManifest(join(copy, "client"));
    const [major, minor = ""] = String(before?.version).split(".");
    expect(after.version).toBe(`${major}.${Number(minor) + 1}.0`);
    const changelog = await readFile(join(copy, "client/CHANGELOG.md"), "utf8");
    const entries = changelog.match(/^## .*|^- .*/gm);
    expect(entries?.slice(0, 2)).toEqual([`## ${after.version}`, "- It also sings."]);
    expect(await readManifest(join(copy, "local-gateway"))).toEqual(other);
  } finally {
    await rm(copy, { recursive: true });
  }
}, 30_000);

test("the changelog of each package has its version, which the release on GitHub needs", async () => {
  for (const folder of WORKSPACES) {
    const { version } = await readManifest(folder);
    const changelog = await readFile(join(folder, "CHANGELOG.md"), "utf8");
    expect(changelog.split("\n")).toContain(`## ${version}`);
  }
});

test("the address of the repository stands in the packages' repository only, and is the same", async () => {
  const manifests = await Promise.all(WORKSPACES.map(readManifest));
  expect(manifests.map(({ repository }) => repository.directory)).toEqual(WORKSPACES);
  const addresses = new Set(manifests.map(({ repository }) => repository.url));
  expect(addresses.size).toBe(1);
  const [address = ""] = addresses;
  const page = address.replace(/^git\+|\.git$/g, "");
  for (const folder of WORKSPACES) {
    expect(await readFile(join(folder, "README.md"), "utf8")).not.toContain(page);
  }
});

test("the release needs no secret, and the job that may publish runs no script of the project", async () => {
  const text = await readFile(".github/workflows/release.yml", "utf8");
  expect(text).not.toMatch(/\bsecrets\b/);
  const { permissions, jobs }: Workflow = parse(text);
  expect(permissions).toEqual({});
  const publishing = Object.entries(jobs).filter(([, job]) => "id-token" in job.permissions);
  expect(publishing.map(([name]) => name)).toEqual(["publish"]);
  const commands = jobs.publish?.steps.flatMap(({ run }) => run ?? []);
  expect(commands).toEqual(["npm ci --ignore-scripts"]);
  const { scripts } = await readManifest(".");
  const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});
