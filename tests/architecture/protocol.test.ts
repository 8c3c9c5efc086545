import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FRAMES = ["MessageFrame", "ReceiptFrame", "IdFrame", "ErrorFrame", "ChannelMembership"];

/** What is inserted into a file of `protocol/` after a text that it has once: an error code, and members of frames. */
const CHANGES: readonly (readonly [file: string, after: string, inserted: string])[] = [
  ["errors.ts", "export const ERROR_CODES = [\n", '  "ANOTHER_CODE",\n'],
  ["frames.ts", "export interface ConnectionSender {\n", "  readonly tenant: string;\n"],
  ["frames.ts", "export interface ServiceSender {\n", "  readonly region?: string;\n"],
  ...FRAMES.map(
    (frame) =>
      ["frames.ts", `export interface ${frame} {\n`, `  readonly of${frame}?: string;\n`] as const,
  ),
];

/** A copy of what speaks the protocol, and its type errors after the changes. */
let copy: string;
let errors: readonly string[];

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "protocol-"));
  for (const folder of ["protocol", "src", "client"]) {
    await cp(folder, join(copy, folder), { recursive: true });
  }
  for (const [file, after, inserted] of CHANGES) {
    const path = join(copy, "protocol", file);
    const source = await readFile(path, "utf8");
    await writeFile(path, source.replace(after, `${after}${inserted}`));
  }
  await symlink(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
  await writeFile(join(copy, "package.json"), JSON.stringify({ type: "module" }));
  const tsconfig = {
    extends: join(process.cwd(), "tsconfig.json"),
    compilerOptions: { typeRoots: ["./node_modules/@types"], types: ["node"] },
    include: ["src", "protocol", "client"],
  };
  await writeFile(join(copy, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = join("node_modules", ".bin", "tsc");
  const output = await new Promise<string>((resolve) => {
    execFile(tsc, ["--noEmit", "--pretty", "false"], { cwd: copy }, (_, stdout) => resolve(stdout));
  });
  // One error is a line with its place, and lines below it with its details.
  errors = output.split(/\n(?=\S)/);
}, 30_000);

afterAll(() => rm(copy, { recursive: true }));

/** The folders whose errors mention a name. */
function foldersThatMiss(name: string): readonly string[] {
  const folders = errors
    .filter((error) => error.includes(name))
    .map((error) => error.split("/")[0]);
  return [...new Set(folders)].sort() as string[];
}

/** The folders that speak the protocol: the relay's, and the client's as soon as it imports `protocol/`. */
async function sides(): Promise<readonly string[]> {
  const files = (await readdir("client")).filter((name) => name.endsWith(".ts"));
  const sources = await Promise.all(files.map((name) => readFile(join("client", name), "utf8")));
  return sources.some((source) => source.includes('"../protocol/')) ? ["client", "src"] : ["src"];
}

describe("Neither relay nor client compiles", () => {
  test("before it knows a new error code", async () => {
    expect(foldersThatMiss("ANOTHER_CODE")).toEqual(await sides());
  });

  test("before it names a new member of an envelope's sender", async () => {
    expect(foldersThatMiss("tenant")).toEqual(await sides());
  });
});

test.each(["region", ...FRAMES.map((frame) => `of${frame}`)])(
  "the relay does not compile before it names a new member of its frames: %s",
  (member) => {
    expect(foldersThatMiss(member)).toContain("src");
  },
);
