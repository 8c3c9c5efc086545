import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { type BuildContext, type BuildResult, context, type Metafile } from "esbuild";
import type { EsbuildProperties } from "../../template/esbuild-properties.ts";
import type { FunctionDefinition } from "../../template/function-definition.ts";
import { deployedFunction } from "../deployed-function.ts";
import { describeBuildFailure } from "../describe-build-failure.ts";
import { functionBuildOptions } from "../function-build-options.ts";
import { linkExternalPackages } from "../link-external-packages.ts";
import type { FunctionBuild } from "./function-build.ts";
import type { FunctionBuilder } from "./function-builder.ts";

type Options = { write: false; metafile: true };

/** A builder that keeps what esbuild has parsed: a build after the first takes a part of the time. */
export class EsbuildBuilder implements FunctionBuilder {
  readonly #definition: FunctionDefinition;
  readonly #directory: string;
  readonly #context: BuildContext<Options>;
  #builds = 0;

  private constructor(
    definition: FunctionDefinition,
    directory: string,
    buildContext: BuildContext<Options>,
  ) {
    this.#definition = definition;
    this.#directory = directory;
    this.#context = buildContext;
  }

  /** Throws when a BuildProperty is not known or an entry point does not exist. */
  static async open(
    definition: FunctionDefinition,
    properties: EsbuildProperties,
    { directory, inspectable }: { directory: string; inspectable?: boolean | undefined },
  ): Promise<EsbuildBuilder> {
    try {
      const own = join(directory, definition.logicalId);
      const options = functionBuildOptions(definition, properties, { directory: own, inspectable });
      const buildContext = await context<Options>({ ...options, write: false, metafile: true });
      return new EsbuildBuilder(definition, own, buildContext);
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
    await this.#context.dispose();
  }

  async #rebuild(): Promise<BuildResult<Options>> {
    try {
      return await this.#context.rebuild();
    } catch (error) {
      throw doesNotBuild(this.#definition, error);
    }
  }
}

function doesNotBuild({ logicalId }: FunctionDefinition, cause: unknown): Error {
  return new Error(`${logicalId} does not build: ${describeBuildFailure(cause)}`, { cause });
}

/** Nobody edits installed packages, and there are too many of their files to watch. */
function sourcesOf({ inputs }: Metafile, codePath: string): string[] {
  return Object.keys(inputs)
    .filter((path) => !/(^|\/)node_modules\/|^\(disabled\):|^<.*>$/.test(path))
    .map((path) => resolve(codePath, path));
}
