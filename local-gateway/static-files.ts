import { open, realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, isAbsolute, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { types } from "node:util";
import { LocalGatewayError } from "./errors.ts";

/**
 * A page gets scripts, styles and pictures from its own files only, and connects to this gateway (`'self'` means its
 * WebSockets, too) or to a deployed one. So a message that a page shows carelessly still runs nothing.
 *
 * @see https://www.w3.org/TR/CSP3/#match-url-to-source-expression
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "cache-control": "no-cache",
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const NOT_FOUND = "There is no such file.\n";

/** A folder whose files are served to browsers, so that a page and the API that it talks to have one origin. */
export class StaticFiles {
  /** Without symbolic links. */
  readonly #root: string;

  /** Throws `INVALID_OPTION` when this is not a folder. */
  static async of(directory: string): Promise<StaticFiles> {
    const root = await realpath(directory).catch(() => directory);
    const isDirectory = await stat(root).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isDirectory) {
      const sentence = `Cannot serve the files of ${JSON.stringify(directory)}: it is not a folder.`;
      throw new LocalGatewayError("INVALID_OPTION", sentence);
    }
    return new StaticFiles(root);
  }

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Answers a GET or HEAD of `path`, which is the request's without its query: with the file, or with 404.
   *
   * Throws when the file cannot be read, and when the caller breaks off.
   */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const file = await staticPath(this.#root, path);
    if (file === undefined) {
      response
        .writeHead(404, { ...HEADERS, "content-type": "text/plain; charset=utf-8" })
        .end(request.method === "HEAD" ? undefined : NOT_FOUND);
      return;
    }
    await using handle = await open(file);
    const { size } = await handle.stat();
    response.writeHead(200, {
      ...HEADERS,
      "content-type": contentType(file),
      "content-length": size,
    });
    if (request.method === "HEAD" || size === 0) {
      response.end();
    } else {
      // A file that grows meanwhile must not pass the length that was announced.
      await pipeline(handle.createReadStream({ end: size - 1, autoClose: false }), response);
    }
  }
}

/** What the file system says of a name that leads nowhere. */
const NOT_THERE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES"]);

/**
 * The file that a request's path names below `root`, which is a real path; a path that ends in `/` names the
 * `index.html` there. Undefined when there is none, or it is none of the requester's business: anything outside `root`,
 * by `..` or by a symbolic link, a name that begins with a dot, and whatever is no plain file.
 *
 * Throws when the file system fails.
 */
async function staticPath(root: string, path: string): Promise<string | undefined> {
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

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** The media type of a file by its name's ending; bytes without a meaning when the ending says nothing. */
function contentType(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}
