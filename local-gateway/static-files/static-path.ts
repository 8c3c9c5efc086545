import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { types } from "node:util";

/** What the file system says of a name that leads nowhere. */
const NOT_THERE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES"]);

/**
 * The file that a request's path names below `root`, which is a real path; a path that ends in `/` names the
 * `index.html` there. Undefined when there is none, or it is none of the requester's business: anything outside `root`,
 * by `..` or by a symbolic link, a name that begins with a dot, and whatever is no plain file.
 *
 * Throws when the file system fails.
 */
export async function staticPath(root: string, path: string): Promise<string | undefined> {
  const name = decoded(path);
  if (name === undefined || !name.startsWith("/") || hasHiddenSegment(name, "/")) {
    return;
  }
  try {
    const file = await realpath(join(root, name.endsWith("/") ? `${name}index.html` : name));
    const below = relative(root, file);
    const isInside = !isAbsolute(below) && !hasHiddenSegment(below, sep);
    return isInside && (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    if (types.isNativeError(error) && "code" in error && NOT_THERE.has(String(error.code))) {
      return;
    }
    throw error;
  }
}

/** Undefined when the escapes are broken, or hide what no name of a file has. */
function decoded(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path);
    return /[\0\\]/.test(name) ? undefined : name;
  } catch {
    return;
  }
}

/** `..` is one, too. */
function hasHiddenSegment(path: string, separator: string): boolean {
  return path.split(separator).some((segment) => segment.startsWith("."));
}
