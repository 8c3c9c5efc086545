import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise } from "yauzl";
import { LocalGatewayError } from "../errors.ts";
import type { CodeSource, MakefileProperties } from "../template/code.ts";
import { type BuildLifetime, endWith } from "./child-processes.ts";

/** Code with the logical id of the function or the layer that it belongs to, and with the runtime of a function. */
export interface PackageSource extends CodeSource {
  readonly logicalId: string;
  readonly runtime?: string;
}

/** True when code does not run from where it is: it is in the template or in a zip file, or make builds it. */
export function needsPackage({ inlineCode, isArchive, makefile }: CodeSource): boolean {
  return inlineCode !== undefined || isArchive === true || makefile !== undefined;
}

/**
 * Makes the content of a deployment package in `directory`, which is made, too: of source in the template, a zip file or
 * what make builds.
 *
 * Resolves with false when the program make is not on this machine; then nothing is made. Throws a LocalGatewayError
 * BUILD_FAILED when the package cannot be made.
 *
 * @param lifetime how long make may run; as long as it takes when absent
 */
export async function makePackage(
  source: PackageSource,
  directory: string,
  lifetime?: BuildLifetime,
): Promise<boolean> {
  const { logicalId, codePath, inlineCode, makefile } = source;
  try {
    await mkdir(directory, { recursive: true });
    if (inlineCode !== undefined) {
      await writeInlineCode(inlineCode, source.runtime, directory);
    } else if (makefile === undefined) {
      await unpack(codePath, directory);
    } else {
      return await runMake(source, makefile, directory, lifetime);
    }
    return true;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = `${logicalId} does not build: ${reason}`;
    throw new LocalGatewayError("BUILD_FAILED", problem, { cause });
  }
}

/**
 * CloudFormation calls the file `index`. For Node.js it is CommonJS; a newer Node would take it for an ES module when it
 * reads like one.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
async function writeInlineCode(
  source: string,
  runtime: string | undefined,
  directory: string,
): Promise<void> {
  if (runtime?.startsWith("python")) {
    await writeFile(join(directory, "index.py"), source);
    return;
  }
  await writeFile(join(directory, "package.json"), '{ "type": "commonjs" }');
  await writeFile(join(directory, "index.js"), source);
}

/**
 * How large a deployment package may be when it is unpacked, in bytes: 250 MB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_UNPACKED_BYTES = 262_144_000;

/** The part of an entry's attributes that says what kind of file it is on Unix, and that of a symbolic link. */
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** How long the path in a symbolic link may be, in bytes: `PATH_MAX` of Linux. */
const MAX_TARGET_BYTES = 4096;

/** Throws an error with a sentence when the file is not a zip file, is damaged or too large, or has a name that leads out. */
async function unpack(file: string, directory: string): Promise<void> {
  const links: { readonly path: string; readonly target: string }[] = [];
  let size = 0;
  try {
    // It rejects names that lead out of the folder, and content that is larger than its entry says.
    const archive = await openPromise(file, { lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      size += entry.uncompressedSize;
      if (size > MAX_UNPACKED_BYTES) {
        throw new Error("unpacked it is larger than the 250 MB that Lambda allows");
      }
      const path = join(directory, entry.fileName);
      if (entry.fileName.endsWith("/")) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      const isLink = (unixMode(entry) & FILE_TYPE) === SYMBOLIC_LINK;
      if (isLink && entry.uncompressedSize > MAX_TARGET_BYTES) {
        throw new Error(`the target of the symbolic link ${entry.fileName} is too long`);
      }
      const content = checked(await archive.openReadStreamPromise(entry), entry);
      if (isLink) {
        links.push({ path, target: await text(content) });
      } else {
        // Only the right to run it counts: whatever the entry says, a later build has to remove the file.
        const mode = 0o644 | (unixMode(entry) & 0o111);
        await pipeline(content, createWriteStream(path, { mode }));
      }
    }
    // Last, so that no file is written through one.
    for (const { path, target } of links) {
      await symlink(target, path);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} cannot be unpacked: ${reason}`, { cause });
  }
}

/** Passes the content of an entry on, and throws at its end when it is damaged: yauzl compares only its size. */
async function* checked(
  content: AsyncIterable<Buffer>,
  { fileName, crc32: expected }: Entry,
): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const part of content) {
    sum = crc32(part, sum);
    yield part;
  }
  if (sum !== expected) {
    throw new Error(`${fileName} is damaged`);
  }
}

function unixMode({ externalFileAttributes }: Entry): number {
  return externalFileAttributes >>> 16;
}

/** What SAM does not copy to where make runs, and what could be large. */
const NOT_COPIED = new Set([".aws-sam", ".git"]);

/** How much of the output of a failed build is shown, in characters: its end. */
const SHOWN_OUTPUT = 4000;

/**
 * Runs the target of a function or a layer on a copy of its code, as SAM does, so that nothing of the developer's changes.
 * Resolves with false when there is no program make. Throws an error with the end of the output when it fails.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
 */
async function runMake(
  { logicalId, codePath }: PackageSource,
  { workingDirectory }: MakefileProperties,
  directory: string,
  lifetime: BuildLifetime | undefined,
): Promise<boolean> {
  const copy = `${directory}.source`;
  try {
    await cp(codePath, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !NOT_COPIED.has(basename(path)),
    });
    const cwd = resolve(copy, workingDirectory);
    if (!existsSync(cwd)) {
      throw new Error(`the WorkingDirectory ${workingDirectory} does not exist in ${codePath}`);
    }
    lifetime?.signal.throwIfAborted();
    const target = `build-${logicalId}`;
    const child = spawn("make", ["-f", join(copy, "Makefile"), target], {
      cwd,
      detached: lifetime !== undefined,
      stdio: ["ignore", "pipe", "pipe"],
      // biome-ignore lint/style/noProcessEnv: the developer's tools are found through it, as in sam build.
      env: { ...process.env, ARTIFACTS_DIR: directory },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        output = (output + part).slice(-SHOWN_OUTPUT);
      });
    }
    const { pid } = child;
    const ended = lifetime && pid !== undefined ? endWith(lifetime, pid) : () => {};
    const [code] = await once(child, "close").finally(ended);
    if (code !== 0) {
      throw new Error(`make ${target} failed\n${output.trimEnd()}`);
    }
    return true;
  } catch (error) {
    if (isMissingProgram(error)) {
      return false;
    }
    throw error;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function isMissingProgram(error: unknown): boolean {
  const { code, syscall = "" } = error as NodeJS.ErrnoException;
  return code === "ENOENT" && syscall.startsWith("spawn");
}
