/** The memory of this process in megabytes, garbage collected first where that is possible. */
export function memory(): { readonly resident: number; readonly heap: number } {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: inMegabytes(rss), heap: inMegabytes(heapUsed) };
}

function inMegabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
