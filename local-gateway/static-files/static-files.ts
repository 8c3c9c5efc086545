import { open, realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { contentType } from "./content-type.ts";
import { staticPath } from "./static-path.ts";

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

  /** Throws when the folder is none. */
  static async of(directory: string): Promise<StaticFiles> {
    const root = await realpath(directory).catch(() => directory);
    const isDirectory = await stat(root).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isDirectory) {
      throw new Error(`Cannot serve the files of ${JSON.stringify(directory)}: it is no folder.`);
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
