import { constants } from "node:fs";
import { access, open } from "node:fs/promises";

/** A Linux program begins with these bytes. */
const ELF = Buffer.from("\x7fELF", "latin1");

/** Where it says which processors it is for, and how the two of Lambda are called. */
const MACHINE_OFFSET = 18;
const MACHINES: Readonly<Record<number, string>> = { 62: "x64", 183: "arm64" };

/**
 * Why a file cannot be started as a program on this machine, in one sentence; undefined when nothing speaks against it.
 *
 * @see https://man7.org/linux/man-pages/man5/elf.5.html
 */
export async function whyNotExecutable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    await using handle = await open(file);
    const head = Buffer.alloc(MACHINE_OFFSET + 2);
    await handle.read(head, 0, head.length, 0);
    return head.subarray(0, ELF.length).equals(ELF)
      ? whyNotLinuxProgram(file, MACHINES[head.readUInt16LE(MACHINE_OFFSET)])
      : undefined;
  } catch (error) {
    return `${file} ${describe(error)}`;
  }
}

function whyNotLinuxProgram(file: string, machine = "another processor"): string | undefined {
  const { platform, arch } = process;
  return platform === "linux" && machine === arch
    ? undefined
    : `${file} is a program for Linux on ${machine}; this machine needs one for ${platform} on ${arch}`;
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist: build the function first, for example with sam build";
    case "EACCES":
      return "is not executable: chmod +x makes it so";
    default:
      return `cannot be read: ${message}`;
  }
}
