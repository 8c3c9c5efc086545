import type { Masks, Side } from "./masks.ts";

/** A call of the management API. */
export interface PostEffect {
  readonly method: string;
  readonly connectionId: string;
  readonly status: number;
  readonly body: string;
}

/** A call that writes to DynamoDB. */
export interface WriteEffect {
  readonly operation: string;
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** What a function did with an event. */
export interface Effects {
  /** What it returned, or its error, as JSON; undefined when it had not ended. */
  readonly answer: string | undefined;
  readonly posts: readonly PostEffect[];
  readonly writes: readonly WriteEffect[];
}

/** What is compared, as lines of text with masks. */
export interface EffectLines {
  readonly answer: readonly string[];
  readonly posts: readonly string[];
  readonly writes: readonly string[];
}

/**
 * Describes what a function did, in the same way for two runs that did the same: calls that it makes at the same time may
 * come in any order, so posts are sorted by connection, and writes by what they write.
 */
export function effectLines(
  { answer, posts, writes }: Effects,
  masks: Masks,
  side: Side,
): EffectLines {
  const mask = (lines: readonly string[]) => lines.map((line) => masks.mask(line, side));
  const blank = (lines: readonly string[]) => masks.blank(lines.join("\n"));
  const sortedPosts = posts.toSorted((a, b) => compareTexts(a.connectionId, b.connectionId));
  const sortedWrites = writes.map(writeLines).toSorted((a, b) => compareTexts(blank(a), blank(b)));
  return {
    answer: mask(answer === undefined ? [] : pretty(answer)),
    posts: mask(sortedPosts.flatMap(postLines)),
    writes: mask(sortedWrites.flat()),
  };
}

function postLines({ method, connectionId, status, body }: PostEffect): readonly string[] {
  const lines = body === "" ? [] : pretty(body);
  return [`${method} ${connectionId} → ${status}`, ...lines.map((line) => `  ${line}`)];
}

function writeLines({ operation, status, body }: WriteEffect): readonly string[] {
  const failed = status === 200 ? "" : ` → ${status}`;
  return [`${operation}${failed}`, ...pretty(body).map((line) => `  ${line}`)];
}

/** JSON as lines, with the members of objects by name, since their order means nothing; another text as it is. */
function pretty(text: string): readonly string[] {
  try {
    return JSON.stringify(JSON.parse(text), sortMembers, 2).split("\n");
  } catch {
    return text.split("\n");
  }
}

function sortMembers(_name: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareTexts(a, b)))
    : value;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
