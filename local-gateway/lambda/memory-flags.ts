/**
 * The options with which Lambda's runtime divides a function's memory, in megabytes, for V8: nine tenths for what
 * lives long, a twentieth for what is new.
 */
export function memoryFlags(memorySize: number): string[] {
  const share = (percent: number) => Math.max(1, Math.floor((memorySize * percent) / 100));
  return [`--max-semi-space-size=${share(5)}`, `--max-old-space-size=${share(90)}`];
}
