import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import {
  type BuildContext,
  type BuildOptions,
  type BuildResult,
  build,
  context,
  type Metafile,
} from "esbuild";
import type { EsbuildProperties, FunctionDefinition } from "../../template/functions.ts";
import { deployedFunction, functionBuildOptions, linkExternalPackages } from "../build.ts";
import { describeBuildFailure } from "../describe-failure.ts";
import { holdEsbuild } from "../esbuild.ts";
import { sourceDirectories } from "./watch.ts";

/** What one build of a function came to. */
export interface FunctionBuild {
  /** The function as it is deployed: where its code is, its handler and its environment variables. */
  readonly definition: FunctionDefinition;
  /** The absolute paths of the files that it was built from; absent when every file of the directories counts. */
  readonly sources?: ReadonlySet<string>;
  /** The absolute paths of the directories where such files are. */
  readonly directories: readonly string[];
  /** Two builds with the same digest are the same code; absent when nobody can tell. */
  readonly digest?: string;
  /** Removes what was built. To be called once nothing runs it. */
  readonly discard: () => Promise<void>;
}

/** Builds one function again and again, each time into a folder of its own. */
export interface FunctionBuilder {
  /** Builds what is saved now. Throws with file and line when it does not build. */
  build(): Promise<FunctionBuild>;
  /** Ends the builder; what it built stays. */
  close(): Promise<void>;
}

/** Where a builder builds to, and for whom. */
interface BuilderOptions {
  /** An absolute path without symbolic links, so that source maps lead back to the sources. */
  readonly directory: string;
  /** True when a debugger will look at the result. */
  readonly inspectable?: boolean | undefined;
}

/**
 * Opens the builder that a function's template asks for: esbuild, or none, when the code runs from where it is. Throws
 * when there is no code, or when a BuildProperty is not known.
 */
export async function openBuilder(
  definition: FunctionDefinition,
  options: BuilderOptions,
): Promise<FunctionBuilder> {
  const { logicalId, codePath, esbuild } = definition;
  if (!existsSync(codePath)) {
    throw new Error(`${logicalId} does not build: its CodeUri ${codePath} does not exist`);
  }
  if (esbuild !== undefined) {
    return new EsbuildBuilder(definition, esbuild, options);
  }
  return {
    build: async () => ({
      definition,
      directories: await sourceDirectories([codePath]),
      discard: async () => {},
    }),
    close: async () => {},
  };
}

type Options = BuildOptions & { write: false; metafile: true };

/** What remains in esbuild's process between two builds. */
interface Kept {
  readonly context: BuildContext<Options>;
  readonly esbuild: AsyncDisposable;
}

/**
 * A builder that keeps what esbuild has parsed from the second build on: the builds after that take a part of the time.
 * Who starts a gateway and changes nothing needs none of it.
 */
class EsbuildBuilder implements FunctionBuilder {
  readonly #definition: FunctionDefinition;
  readonly #directory: string;
  readonly #options: Options;
  #kept: Kept | undefined;
  #builds = 0;

  /** Throws when a BuildProperty is not known. */
  constructor(
    definition: FunctionDefinition,
    properties: EsbuildProperties,
    { directory, inspectable }: { directory: string; inspectable?: boolean | undefined },
  ) {
    this.#definition = definition;
    this.#directory = join(directory, definition.logicalId);
    try {
      const own = { directory: this.#directory, inspectable };
      const options = functionBuildOptions(definition, properties, own);
      this.#options = { ...options, write: false, metafile: true };
    } catch (error) {
      throw doesNotBuild(definition, error);
    }
  }

  async build(): Promise<FunctionBuild> {
    const result = await this.#rebuild();
    // As deep as the folder that esbuild knows: source maps have relative paths.
    this.#builds += 1;
    const directory = this.#builds === 1 ? this.#directory : `${this.#directory}.${this.#builds}`;
    for (const { path, contents } of result.outputFiles) {
      const file = join(directory, relative(this.#directory, path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, contents);
    }
    await linkExternalPackages(this.#definition, directory);
    const sources = sourcesOf(result.metafile, this.#definition.codePath);
    return {
      definition: deployedFunction(this.#definition, directory),
      sources: new Set(sources),
      directories: [...new Set(sources.map((source) => dirname(source)))],
      digest: result.outputFiles.map(({ path, hash }) => `${path} ${hash}`).join("\n"),
      discard: () => rm(directory, { recursive: true, force: true }),
    };
  }

  async close(): Promise<void> {
    await this.#kept?.context.dispose();
    await this.#kept?.esbuild[Symbol.asyncDispose]();
    this.#kept = undefined;
  }

  async #rebuild(): Promise<BuildResult<Options>> {
    try {
      if (this.#builds === 0) {
        await using _esbuild = holdEsbuild();
        return await build(this.#options);
      }
      this.#kept ??= { esbuild: holdEsbuild(), context: await context(this.#options) };
      return await this.#kept.context.rebuild();
    } catch (error) {
      throw doesNotBuild(this.#definition, error);
    }
  }
}

function doesNotBuild({ logicalId, codePath }: FunctionDefinition, cause: unknown): Error {
  const reason = describeBuildFailure(cause, codePath);
  return new Error(`${logicalId} does not build: ${reason}`, { cause });
}

/** Nobody edits installed packages, and there are too many of their files to watch. */
function sourcesOf({ inputs }: Metafile, codePath: string): string[] {
  return Object.keys(inputs)
    .filter((path) => !/(^|\/)node_modules\/|^\(disabled\):|^<.*>$/.test(path))
    .map((path) => resolve(codePath, path));
}
