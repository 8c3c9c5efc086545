/** Equal lines before and after a change that are shown, too. */
const CONTEXT = 2;

/** The largest table of the comparison, in cells; above it, all lines count as changed. */
const MAX_CELLS = 4_000_000;

/**
 * The lines that differ, each with `-` or `+`, with a few equal ones around them and the line without an indent above them;
 * none when both are the same.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const lines = compare(before, after);
  const isShown = lines.map((_line, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  for (const index of isShown.keys()) {
    if (isShown[index] && !isShown[index - 1]) {
      isShown[lines.findLastIndex(({ text }, at) => at <= index && !text.startsWith(" "))] = true;
    }
  }
  const last = isShown.lastIndexOf(true);
  return lines.flatMap(({ sign, text }, index) => {
    // Dots would take as much space as a single line.
    if (isShown[index] || (isShown[index - 1] && isShown[index + 1])) {
      return [`${sign} ${text}`];
    }
    return isShown[index - 1] && index < last ? ["  …"] : [];
  });
}

/** A line, and which text it is in: `-` the first, `+` the second, a space both. */
interface ComparedLine {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

function compare(before: readonly string[], after: readonly string[]): readonly ComparedLine[] {
  if (before.length * after.length > MAX_CELLS) {
    return [
      ...before.map((text) => ({ sign: "-" as const, text })),
      ...after.map((text) => ({ sign: "+" as const, text })),
    ];
  }
  const lengthAt = commonLengths(before, after);
  const lines: ComparedLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const [removed, added] = [before[row], after[column]];
    if (removed !== undefined && removed === added) {
      lines.push({ sign: " ", text: removed });
      row += 1;
      column += 1;
    } else if (
      removed !== undefined &&
      (added === undefined || lengthAt(row + 1, column) >= lengthAt(row, column + 1))
    ) {
      lines.push({ sign: "-", text: removed });
      row += 1;
    } else {
      lines.push({ sign: "+", text: added ?? "" });
      column += 1;
    }
  }
  return lines;
}

/** The length of the longest common subsequence of what follows a line of each text. */
function commonLengths(
  before: readonly string[],
  after: readonly string[],
): (row: number, column: number) => number {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? lengthAt(row + 1, column + 1) + 1
          : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
    }
  }
  return lengthAt;
}
