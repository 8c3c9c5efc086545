import { setImmediate } from "node:timers/promises";
import type { FanOutStore, Progress, SliceReport } from "../../src/domain/fan-out/ports.ts";

/** A fan-out store that remembers only as long as the test runs, and can be made to fail. */
export class InMemoryFanOutStore implements FanOutStore {
  readonly progress = new Map<string, Progress>();
  readonly reports = new Map<string, SliceReport[]>();
  /** Is called before each access, with its name, and may wait or throw. */
  beforeAccess: (access: string) => unknown = () => {};
  /** Until when all time is taken. */
  freeAt = 0;

  async takeSlot({
    length,
    earliest,
    latest,
  }: {
    readonly length: number;
    readonly earliest: number;
    readonly latest: number;
  }): Promise<number | undefined> {
    await this.#turn("take slot");
    const begin = Math.max(this.freeAt, earliest);
    if (begin > latest) {
      return undefined;
    }
    this.freeAt = begin + length;
    return begin;
  }

  async findProgress(key: string): Promise<Progress | undefined> {
    await this.#turn("find progress");
    return this.progress.get(key);
  }

  async saveProgress(key: string, progress: Progress): Promise<void> {
    await this.#turn("save progress");
    this.progress.set(key, progress);
  }

  async report(key: string, report: SliceReport): Promise<void> {
    await this.#turn("report");
    const reports = this.reports.get(key) ?? [];
    if (!reports.some(({ after }) => after === report.after)) {
      this.reports.set(key, [...reports, report].sort(byName));
    }
  }

  async findReports(key: string): Promise<readonly SliceReport[]> {
    await this.#turn("find reports");
    return this.reports.get(key) ?? [];
  }

  async #turn(access: string): Promise<void> {
    await setImmediate();
    await this.beforeAccess(access);
  }
}

function byName(one: SliceReport, other: SliceReport): number {
  return one.after < other.after ? -1 : 1;
}
