import { LocalGatewayError } from "../../errors.ts";
import type { FunctionDefinition } from "../../template/functions.ts";
import { describeLoadFailure } from "../describe-failure.ts";
import type { EnvironmentDefinition } from "../environment-definition.ts";
import type { FunctionReport } from "../function-report.ts";
import type { EnvironmentPool } from "../pool.ts";
import type { FunctionBuild, FunctionBuilder } from "./builder.ts";
import { DirectoryWatch, sourceDirectories, statOf, type WatchDirectory } from "./watch.ts";

/** An editor may save a file in several steps; steps this close are one change, in milliseconds. */
const DEBOUNCE = 30;

/** An empty file is most often one that is still being written: the rest may take this long, in milliseconds. */
const EMPTY_DEBOUNCE = 500;

/** Files that editors keep next to an open one. */
const EDITOR_FILE = /\/(\.[^/]*|[^/]*~)$/;

/** What the limits behind these errors of the system are called on Linux. */
const WATCH_LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: "raise the limit fs.inotify.max_user_watches",
  EMFILE: "raise the limit fs.inotify.max_user_instances, or ulimit -n",
};

/** The parts of a function that a reload works on. */
interface ReloadOptions {
  readonly builder: FunctionBuilder;
  readonly pool: Pick<EnvironmentPool, "prepare" | "replace">;
  /** How an environment runs the function, which is given as it is deployed. */
  readonly environmentOf: (deployed: FunctionDefinition) => EnvironmentDefinition;
  readonly report: (report: FunctionReport) => void;
  /** `watch` of node:fs when absent. */
  readonly watchDirectory?: WatchDirectory;
  /** The system's when absent. */
  readonly clock?: Clock;
}

/** Timers, so that a test decides when they expire. */
interface Clock {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

const SYSTEM_CLOCK: Clock = {
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** The result of one reload; `problem` has the reason for the developer. */
type Reload =
  | { readonly kind: "reloaded" }
  | { readonly kind: "unchanged" }
  | { readonly kind: "failed"; readonly problem: string };

/** Brings every saved change of one function's sources into its environments, one change after the other. */
export class FunctionReload {
  readonly #options: ReloadOptions;
  readonly #functionId: string;
  readonly #clock: Clock;
  readonly #watch: DirectoryWatch;
  #live: FunctionBuild;
  #failed = false;
  #noticed: number | undefined;
  #timer: unknown;
  #reloading: Promise<void> | undefined;
  #closed = false;

  /** Watches the sources of `live`. */
  constructor(live: FunctionBuild, options: ReloadOptions) {
    this.#options = options;
    this.#functionId = live.definition.logicalId;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#watch = new DirectoryWatch(
      {
        onChange: (path) => this.#onChange(path),
        onReplaced: () => this.#schedule(),
        onUnwatchable: (directory, error) => this.#onUnwatchable(directory, error),
      },
      options.watchDirectory,
    );
    this.#live = live;
    this.#follow(live);
  }

  /** Loads the code that was built first, before any event needs it, and reports why it does not load. */
  async loadFirst(): Promise<void> {
    const { pool, report } = this.#options;
    const first = this.#live;
    const loaded = await pool.prepare();
    if (!loaded.ok && this.#live === first && !this.#closed) {
      // Even the same code is worth another try: an installed package may have been missing.
      this.#failed = true;
      const problem = await describeLoadFailure(first.definition, loaded.failure);
      report({ kind: "not loaded", functionId: this.#functionId, problem });
    }
  }

  /** Resolves once a reload that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#clock.clearTimeout(this.#timer);
    this.#watch.close();
    await this.#reloading;
    await this.#options.builder.close();
  }

  #onChange(path: string): void {
    if (EDITOR_FILE.test(path)) {
      return;
    }
    // A failed build may lack a file that it does not know yet.
    if (this.#failed || this.#live.sources === undefined || this.#live.sources.has(path)) {
      this.#schedule(statOf(path)?.size === 0 ? EMPTY_DEBOUNCE : DEBOUNCE);
    }
  }

  #onUnwatchable(directory: string, { code = "", message }: NodeJS.ErrnoException): void {
    const advice = WATCH_LIMITS[code];
    const problem = advice === undefined ? message : `${message} (${advice})`;
    const functionId = this.#functionId;
    this.#options.report({ kind: "not watched", functionId, directory, problem });
  }

  #schedule(debounce = DEBOUNCE): void {
    if (this.#closed) {
      return;
    }
    this.#noticed ??= performance.now();
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#reloading ??= this.#reload();
    }, debounce);
  }

  async #reload(): Promise<void> {
    const { report } = this.#options;
    const functionId = this.#functionId;
    const since = this.#noticed ?? performance.now();
    this.#noticed = undefined;
    const reload = await this.#buildAndReplace();
    if (reload.kind === "failed") {
      this.#failed = true;
      const { directories } = this.#live;
      // Those of the live code as well: one that is gone may come back.
      this.#watch.watch(new Set([...directories, ...(await sourceDirectories(directories))]));
      if (!this.#closed) {
        report({ kind: "not reloaded", functionId, problem: reload.problem });
      }
    } else {
      if (reload.kind === "reloaded") {
        report({ kind: "reloaded", functionId, duration: performance.now() - since });
      }
      this.#failed &&= this.#noticed !== undefined;
    }
    this.#reloading = undefined;
    if (this.#noticed !== undefined && this.#timer === undefined) {
      // It changed while this was under way.
      this.#schedule();
    }
  }

  async #buildAndReplace(): Promise<Reload> {
    const { builder, pool, environmentOf } = this.#options;
    let build: FunctionBuild;
    try {
      build = await builder.build();
    } catch (error) {
      if (error instanceof LocalGatewayError) {
        return { kind: "failed", problem: error.message };
      }
      throw error;
    }
    const isSame = build.digest !== undefined && build.digest === this.#live.digest;
    // A source that changed meanwhile may have been read half-written; it is built again in a moment.
    const isOutdated = this.#noticed !== undefined;
    if (isOutdated || (isSame && !this.#failed)) {
      await build.discard();
      return { kind: "unchanged" };
    }
    const replacement = await pool.replace(environmentOf(build.definition));
    if (!replacement.ok) {
      const problem = await describeLoadFailure(build.definition, replacement.failure);
      await build.discard();
      return { kind: "failed", problem };
    }
    const previous = this.#live;
    this.#live = build;
    this.#follow(build);
    void replacement.drained.then(() => previous.discard());
    return { kind: "reloaded" };
  }

  #follow({ directories, sources = new Set(), startedAt }: FunctionBuild): void {
    this.#watch.watch(directories);
    for (const source of sources) {
      // Saved after esbuild had read it and before its directory was watched.
      if ((statOf(source)?.mtimeMs ?? 0) > startedAt) {
        this.#schedule();
      }
    }
  }
}
