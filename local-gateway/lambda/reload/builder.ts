import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import {
  type BuildContext,
  type BuildOptions,
  type BuildResult,
  build,
  context,
  type Metafile,
  type OutputFile,
} from "esbuild";
import type { FunctionDefinition } from "../../template/functions.ts";
import {
  deployedFunction,
  functionBuildOptions,
  linkExternalPackages,
  requireCode,
} from "../build.ts";
import type { BuildLifetime } from "../child-processes.ts";
import { makePackage, needsPackage } from "../deployment-package.ts";
import { toBuildError } from "../describe-failure.ts";
import { retainEsbuild } from "../esbuild.ts";
import { sourceDirectories } from "./watch.ts";

/** One build of a function. */
export interface FunctionBuild {
  /** When the build began, in milliseconds since 1970: sources that are saved later may not be part of it. */
  readonly startedAt: number;
  /** The function as it is deployed: where its code is, its handler and its environment variables. */
  readonly definition: FunctionDefinition;
  /** The absolute paths of the files that it was built from; absent when every file of the directories counts. */
  readonly sources?: ReadonlySet<string>;
  /** The absolute paths of the directories where such files are. */
  readonly directories: readonly string[];
  /** Two builds with the same digest are the same code; absent when that is unknown. */
  readonly digest?: string;
  /** Removes what was built. To be called once nothing runs it. */
  readonly discard: () => Promise<void>;
}

/** Builds one function again and again, each time into a folder of its own. */
export interface FunctionBuilder {
  /** Builds what is saved now. Throws a LocalGatewayError BUILD_FAILED with file and line when it does not build. */
  build(): Promise<FunctionBuild>;
  /** Ends the builder; what it built stays. */
  close(): Promise<void>;
}

/**
 * Opens the builder that a function's template asks for: esbuild, one that makes a deployment package, or none, when the
 * code runs from where it is.
 *
 * Throws a LocalGatewayError BUILD_FAILED when there is no code, or when a BuildProperty is invalid.
 *
 * @param directory an absolute path without symbolic links, so that source maps lead back to the sources
 * @param inspectable true when the result is for a debugger
 * @param lifetime how long the program that builds the code may run; as long as it takes when absent
 * @param onUnbuilt called when the code runs as it is, because the program that builds it is not on this machine
 */
export async function openBuilder(
  definition: FunctionDefinition,
  directory: string,
  inspectable: boolean,
  lifetime?: BuildLifetime,
  onUnbuilt: () => void = () => {},
): Promise<FunctionBuilder> {
  const { codePath, esbuild } = definition;
  requireCode(definition);
  if (esbuild !== undefined) {
    const own = join(directory, definition.logicalId);
    const options = functionBuildOptions(definition, esbuild, own, inspectable);
    return new EsbuildBuilder(definition, own, options);
  }
  if (needsPackage(definition)) {
    return packageBuilder(definition, join(directory, definition.logicalId), lifetime, onUnbuilt);
  }
  return {
    build: async () => ({
      startedAt: Date.now(),
      definition,
      directories: await sourceDirectories([codePath]),
      discard: async () => {},
    }),
    close: async () => {},
  };
}

function packageBuilder(
  definition: FunctionDefinition,
  directory: string,
  lifetime: BuildLifetime | undefined,
  onUnbuilt: () => void,
): FunctionBuilder {
  let builds = 0;
  return {
    async build() {
      const startedAt = Date.now();
      builds += 1;
      const own = builds === 1 ? directory : `${directory}.${builds}`;
      const isPackaged = await makePackage(definition, own, lifetime);
      if (!isPackaged && builds === 1) {
        onUnbuilt();
      }
      return {
        startedAt,
        definition: isPackaged ? { ...definition, codePath: own } : definition,
        ...(await packageSources(definition)),
        discard: () => rm(own, { recursive: true, force: true }).catch(() => {}),
      };
    },
    close: async () => {},
  };
}

/** The template's own source changes with the template, which is read once. */
async function packageSources({
  codePath,
  inlineCode,
  isArchive,
}: FunctionDefinition): Promise<Pick<FunctionBuild, "sources" | "directories">> {
  if (inlineCode !== undefined) {
    return { sources: new Set(), directories: [] };
  }
  return isArchive
    ? { sources: new Set([codePath]), directories: [dirname(codePath)] }
    : { directories: await sourceDirectories([codePath]) };
}

type Options = BuildOptions & { write: false; metafile: true };

/** What stays in esbuild's process between two builds. */
interface Kept {
  readonly context: BuildContext<Options>;
  readonly esbuild: AsyncDisposable;
}

/**
 * A builder that keeps what esbuild has parsed from the second build on: later builds take a fraction of the time. A
 * gateway whose code never changes needs no second build.
 */
class EsbuildBuilder implements FunctionBuilder {
  readonly #definition: FunctionDefinition;
  readonly #directory: string;
  readonly #options: Options;
  #kept: Kept | undefined;
  #builds = 0;

  constructor(definition: FunctionDefinition, directory: string, options: BuildOptions) {
    this.#definition = definition;
    this.#directory = directory;
    this.#options = { ...options, write: false, metafile: true };
  }

  async build(): Promise<FunctionBuild> {
    const startedAt = Date.now();
    const { outputFiles, metafile } = await this.#rebuild();
    this.#builds += 1;
    // As deep as the folder that esbuild knows: source maps have relative paths.
    const directory = this.#builds === 1 ? this.#directory : `${this.#directory}.${this.#builds}`;
    await this.#write(outputFiles, directory);
    const sources = sourcesOf(metafile, this.#definition.codePath);
    return {
      startedAt,
      definition: deployedFunction(this.#definition, directory),
      sources: new Set(sources),
      directories: [...new Set(sources.map((source) => dirname(source)))],
      digest: outputFiles.map(({ path, hash }) => `${path} ${hash}`).join("\n"),
      // Files that cannot be removed now are removed with the whole folder at the end.
      discard: () => rm(directory, { recursive: true, force: true }).catch(() => {}),
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
        await using _esbuild = retainEsbuild();
        return await build(this.#options);
      }
      this.#kept ??= { esbuild: retainEsbuild(), context: await context(this.#options) };
      return await this.#kept.context.rebuild();
    } catch (error) {
      throw toBuildError(this.#definition, error);
    }
  }

  async #write(files: readonly OutputFile[], directory: string): Promise<void> {
    try {
      for (const { path, contents } of files) {
        const file = join(directory, relative(this.#directory, path));
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, contents);
      }
      await linkExternalPackages(this.#definition, directory);
    } catch (error) {
      throw toBuildError(this.#definition, error);
    }
  }
}

/** Without installed packages: they are not edited, and they have too many files to watch. */
function sourcesOf({ inputs }: Metafile, codePath: string): string[] {
  return Object.keys(inputs)
    .filter((path) => !/(^|\/)node_modules\/|^\(disabled\):|^<.*>$/.test(path))
    .map((path) => resolve(codePath, path));
}
