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
import type { EsbuildProperties } from "../../template/esbuild-properties.ts";
import type { FunctionDefinition } from "../../template/function-definition.ts";
import { deployedFunction } from "../deployed-function.ts";
import { describeBuildFailure } from "../describe-build-failure.ts";
import { functionBuildOptions } from "../function-build-options.ts";
import { holdEsbuild } from "../hold-esbuild.ts";
import { linkExternalPackages } from "../link-external-packages.ts";
import type { FunctionBuild } from "./function-build.ts";
import type { FunctionBuilder } from "./function-builder.ts";

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
export class EsbuildBuilder implements FunctionBuilder {
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
