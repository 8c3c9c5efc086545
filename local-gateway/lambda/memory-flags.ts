/** The most of what is new, in megabytes. V8 takes three times as much, and one laptop runs many environments. */
const MAX_SEMI_SPACE = 8;

/**
 * The options with which Lambda's runtime divides a function's memory, in megabytes, for V8: nine tenths for what
 * lives long, a twentieth for what is new. The latter decides how often V8 collects garbage, and not when a function is
 * out of memory.
 */
export function memoryFlags(memorySize: number): string[] {
  const share = (percent: number) => Math.max(1, Math.floor((memorySize * percent) / 100));
  return [
    `--max-semi-space-size=${Math.min(share(5), MAX_SEMI_SPACE)}`,
    `--max-old-space-size=${share(90)}`,
  ];
}
