import type { Stats } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, isAbsolute, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { types } from "node:util";
import { LocalGatewayError } from "./errors.ts";

/**
 * A page gets scripts, styles and pictures from its own files only, and connects to this gateway (`'self'` means its
 * WebSockets, too) or to a deployed one. So a message that a page shows carelessly still runs no code.
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

  /** Throws `INVALID_OPTION` when the path does not lead to a folder. */
  static async of(directory: string): Promise<StaticFiles> {
    const found = await find(directory);
    if (!found?.stats.isDirectory()) {
      const sentence = `Cannot serve the files of ${JSON.stringify(directory)}: it is not a folder.`;
      throw new LocalGatewayError("INVALID_OPTION", sentence);
    }
    return new StaticFiles(found.path);
  }

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Answers a GET or HEAD of `path`, which is the request's without its query: with the file, or with 404. A caller that
   * goes away before the end is not an error.
   *
   * Throws when the file cannot be read.
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
      const content = handle.createReadStream({ end: size - 1, autoClose: false });
      await pipeline(content, response).catch(ignoreLostReader);
    }
  }
}

/** What a stream says of a response whose reader has gone. */
const LOST_READER = new Set([
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_UNABLE_TO_PIPE",
  "ECONNRESET",
  "EPIPE",
]);

function ignoreLostReader(error: unknown): void {
  if (!LOST_READER.has(codeOf(error))) {
    throw error;
  }
}

/** What the file system says of a name that leads to no file. */
const NOT_THERE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES"]);

/**
 * The file that a request's path names below `root`, which is a real path; a path that ends in `/` names the
 * `index.html` there. Undefined when there is none, or it is deliberately not exposed: anything outside `root`, by `..` or
 * by a symbolic link, a name that begins with a dot, and everything but plain files.
 *
 * Throws when the file system fails.
 */
async function staticPath(root: string, path: string): Promise<string | undefined> {
  const name = decoded(path);
  if (name === undefined || !name.startsWith("/") || hasHiddenSegment(name, "/")) {
    return;
  }
  const found = await find(join(root, name.endsWith("/") ? `${name}index.html` : name));
  if (!found?.stats.isFile()) {
    return;
  }
  const below = relative(root, found.path);
  return isAbsolute(below) || hasHiddenSegment(below, sep) ? undefined : found.path;
}

/** What a path leads to, and its path without symbolic links; undefined when it leads to nothing that can be read. */
async function find(
  path: string,
): Promise<{ readonly path: string; readonly stats: Stats } | undefined> {
  try {
    const real = await realpath(path);
    return { path: real, stats: await stat(real) };
  } catch (error) {
    if (NOT_THERE.has(codeOf(error))) {
      return;
    }
    throw error;
  }
}

/** The system's code of an error; empty for one without. */
function codeOf(error: unknown): string {
  return types.isNativeError(error) && "code" in error ? String(error.code) : "";
}

/** Undefined when the escapes are broken, or stand for characters that are in no file's name. */
function decoded(path: string): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return;
  }
  return /[\0\\]/.test(name) ? undefined : name;
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

/** The media type of a file by its name's ending; plain bytes when the ending is unknown. */
function contentType(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}
