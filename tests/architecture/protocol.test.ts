import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The parts of frames that the relay makes. */
const PARTS = [
  "ConnectionSender",
  "ServiceSender",
  "MessageFrame",
  "ReceiptFrame",
  "IdFrame",
  "ChannelMembership",
  "ErrorFrame",
  "SubscribedFrame",
  "UnsubscribedFrame",
  "Member",
  "MembersFrame",
  "HistoryFrame",
  "PresenceFrame",
  "ClosedFrame",
];

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "protocol-"));
  for (const folder of ["src", "client"]) {
    await cp(folder, join(copy, folder), { recursive: true });
  }
  await symlink(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
  await writeFile(join(copy, "package.json"), JSON.stringify({ type: "module" }));
  const tsconfig = {
    extends: join(process.cwd(), "tsconfig.json"),
    compilerOptions: { typeRoots: ["./node_modules/@types"], types: ["node"] },
    include: ["src", "protocol", "client"],
  };
  await writeFile(join(copy, "tsconfig.json"), JSON.stringify(tsconfig));
});

afterAll(() => rm(copy, { recursive: true }));

/**
 * The type errors of relay and client, with `inserted` into a file of `protocol/` after each of the texts. Each error is
 * a line with its place, and lines with its details.
 */
async function errorsWith(
  file: string,
  afters: readonly string[],
  inserted: string,
): Promise<readonly string[]> {
  const protocol = join(copy, "protocol");
  await cp("protocol", protocol, { recursive: true, force: true });
  let source = await readFile(join(protocol, file), "utf8");
  for (const after of afters) {
    expect(source).toContain(after);
    source = source.replace(after, `${after}${inserted}`);
  }
  await writeFile(join(protocol, file), source);
  const tsc = join("node_modules", ".bin", "tsc");
  const output = await new Promise<string>((resolve) => {
    const options = ["--noEmit", "--pretty", "false"];
    execFile(tsc, options, { cwd: copy }, (_, stdout) => resolve(stdout));
  });
  return output.split(/\n(?=\S)/).filter((error) => error !== "");
}

function foldersOf(errors: readonly string[]): readonly string[] {
  return [...new Set(errors.map((error) => error.slice(0, error.indexOf("/"))))].sort();
}

/** The folders that speak the protocol. */
const SIDES = ["client", "src"];

test("neither relay nor client compiles before it knows a new error code", async () => {
  const errors = await errorsWith("errors.ts", ["ERROR_CODES = [\n"], '  "ANOTHER",\n');
  expect(foldersOf(errors)).toEqual(SIDES);
}, 30_000);

test("neither relay nor client compiles before it names a new member of an envelope's sender", async () => {
  const afters = ["export interface ConnectionSender {\n"];
  const errors = await errorsWith("frames.ts", afters, "  readonly tenant: string;\n");
  expect(foldersOf(errors)).toEqual(SIDES);
}, 30_000);

test("the relay does not compile before it names a new member of each frame, even an optional one", async () => {
  const afters = PARTS.map((part) => `export interface ${part} {\n`);
  const errors = await errorsWith("frames.ts", afters, "  readonly tenant?: string;\n");
  const missing = errors.flatMap((error) => /'Required<(\w+)>'/.exec(error)?.[1] ?? []);
  expect(new Set(missing)).toEqual(new Set(PARTS));
}, 30_000);
