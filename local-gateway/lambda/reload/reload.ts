import { statSync } from "node:fs";
import { describeLoadFailure } from "../describe-failure.ts";
import type { FunctionReport } from "../function-report.ts";
import type { EnvironmentPool } from "../pool.ts";
import type { EnvironmentDefinition } from "../runtime-process.ts";
import type { FunctionBuild, FunctionBuilder } from "./builder.ts";
import { DirectoryWatch, sourceDirectories } from "./watch.ts";

/** An editor may save a file in several steps; they are one change when they are so close, in milliseconds. */
const DEBOUNCE = 30;

/** An empty file is most often one that is just being written; so long is waited for the rest, in milliseconds. */
const EMPTY_DEBOUNCE = 500;

/** What editors keep beside a file while it is open. */
const EDITORS_OWN = /\/(\.[^/]*|[^/]*~)$/;

/** What reloads a function. */
interface ReloadOptions {
  readonly functionId: string;
  readonly builder: FunctionBuilder;
  readonly pool: Pick<EnvironmentPool, "prepare" | "replace">;
  /** How an environment runs a build. */
  readonly environmentOf: (build: FunctionBuild) => EnvironmentDefinition;
  readonly report: (report: FunctionReport) => void;
}

/** Brings every saved change of one function's sources into its environments, one change after the other. */
export class FunctionReload {
  readonly #options: ReloadOptions;
  readonly #watch = new DirectoryWatch(
    (path) => this.#onChange(path),
    () => this.#schedule(),
  );
  #live: FunctionBuild;
  #failed = false;
  #noticed: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reloading: Promise<void> | undefined;
  #closed = false;

  /** Watches the sources of `live`, which was built since `builtAt`, in milliseconds since 1970. */
  constructor(live: FunctionBuild, builtAt: number, options: ReloadOptions) {
    this.#options = options;
    this.#live = live;
    this.#follow(live, builtAt);
  }

  /** Loads the code that was built first, before any event needs it, and reports why it does not load. */
  async loadFirst(): Promise<void> {
    const { functionId, pool, report } = this.#options;
    const first = this.#live;
    const failure = await pool.prepare();
    if (failure !== undefined && this.#live === first && !this.#closed) {
      // Even the same code is worth another try: what it lacks may be an installed package.
      this.#failed = true;
      const problem = await describeLoadFailure(first.definition, failure);
      report({ kind: "not loaded", functionId, problem });
    }
  }

  /** Resolves once a reload that is under way has come to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watch.close();
    await this.#reloading;
    await this.#options.builder.close();
  }

  #onChange(path: string): void {
    if (EDITORS_OWN.test(path)) {
      return;
    }
    // What a failed build lacks may be a file that it does not know yet.
    if (this.#failed || this.#live.sources === undefined || this.#live.sources.has(path)) {
      const { size } = statSync(path, { throwIfNoEntry: false }) ?? {};
      this.#schedule(size === 0 ? EMPTY_DEBOUNCE : DEBOUNCE);
    }
  }

  #schedule(debounce = DEBOUNCE): void {
    if (this.#closed) {
      return;
    }
    this.#noticed ??= performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#reloading ??= this.#reload();
    }, debounce);
  }

  async #reload(): Promise<void> {
    const { functionId, report } = this.#options;
    const since = this.#noticed ?? performance.now();
    this.#noticed = undefined;
    try {
      if (await this.#buildAndReplace()) {
        report({ kind: "reloaded", functionId, duration: performance.now() - since });
      }
      this.#failed &&= this.#noticed !== undefined;
    } catch (error) {
      this.#failed = true;
      const { directories } = this.#live;
      // Those of the live code as well: one that is gone may come back.
      this.#watch.watch(new Set([...directories, ...(await sourceDirectories(directories))]));
      if (!this.#closed) {
        const problem = error instanceof Error ? error.message : String(error);
        report({ kind: "not reloaded", functionId, problem });
      }
    }
    this.#reloading = undefined;
    if (this.#noticed !== undefined && this.#timer === undefined) {
      // It changed while this was under way.
      this.#schedule();
    }
  }

  /** True when other code than before is live. */
  async #buildAndReplace(): Promise<boolean> {
    const { builder, pool, environmentOf } = this.#options;
    const builtAt = Date.now();
    const build = await builder.build();
    const isSame = build.digest !== undefined && build.digest === this.#live.digest;
    // What changed meanwhile may have been read half-written; it is built again in a moment.
    const isOutdated = this.#noticed !== undefined;
    if (isOutdated || (isSame && !this.#failed)) {
      await build.discard();
      return false;
    }
    const replacement = await pool.replace(environmentOf(build));
    if (!replacement.replaced) {
      const problem = await describeLoadFailure(build.definition, replacement.failure);
      await build.discard();
      throw new Error(problem);
    }
    const previous = this.#live;
    this.#live = build;
    this.#follow(build, builtAt);
    void replacement.drained.then(() => previous.discard());
    return true;
  }

  #follow({ directories, sources = new Set() }: FunctionBuild, builtAt: number): void {
    this.#watch.watch(directories);
    for (const source of sources) {
      // Saved after esbuild had read it and before anybody watched.
      if ((statSync(source, { throwIfNoEntry: false })?.mtimeMs ?? 0) > builtAt) {
        this.#schedule();
      }
    }
  }
}
