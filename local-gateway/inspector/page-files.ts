import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { retainEsbuild } from "../lambda/esbuild.ts";
import { makeTemporaryFolder } from "../lambda/temporary-folder.ts";
import { StaticFiles } from "../static-files.ts";

/** The folder of the built page, in the published package. */
const FOLDER = "inspector";

/** Builds the page into a folder. */
export async function buildPage(outdir: string): Promise<void> {
  const page = join(import.meta.dirname, "page");
  await build({
    entryPoints: ["index.html", "style.css", "main.ts"].map((file) => join(page, file)),
    outdir,
    bundle: true,
    format: "esm",
    target: "es2022",
    loader: { ".html": "copy" },
    minify: true,
    logLevel: "silent",
  });
}

/**
 * The files of the page. The published package has them next to its own module; from the source they are built when they
 * are first asked for.
 */
export class PageFiles {
  #files: Promise<StaticFiles> | undefined;
  #folder: string | undefined;

  get files(): Promise<StaticFiles> {
    this.#files ??= this.#open();
    return this.#files;
  }

  async #open(): Promise<StaticFiles> {
    const packaged = join(import.meta.dirname, FOLDER);
    if (existsSync(packaged)) {
      return await StaticFiles.of(packaged);
    }
    this.#folder = await makeTemporaryFolder();
    await using _esbuild = retainEsbuild();
    await buildPage(this.#folder);
    return await StaticFiles.of(this.#folder);
  }

  /** Removes what was built. */
  async close(): Promise<void> {
    await this.#files?.catch(() => {});
    if (this.#folder !== undefined) {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}
