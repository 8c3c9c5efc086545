import { printable } from "../text.ts";
import type { EffectLines } from "./effects.ts";
import { diffLines } from "./line-diff.ts";
import type { ReplayedEvent } from "./replay.ts";

const SECTIONS = ["answer", "posts", "writes"] as const satisfies readonly (keyof EffectLines)[];

/** What differs in an event that has run again, as lines; none when nothing does. */
export function describeDifference(event: ReplayedEvent): readonly string[] {
  const { number, title, recorded, replayed, problem } = event;
  const head = `event ${number}: ${title}`;
  if (replayed === undefined) {
    return [head, `  ${problem}`].map(printable);
  }
  const differences = SECTIONS.flatMap((section) => {
    // A function that had not ended when the recording did has no answer.
    const isUnknown = section === "answer" && recorded.answer.length === 0;
    const lines = isUnknown ? [] : diffLines(recorded[section], replayed[section]);
    return lines.length === 0 ? [] : [`  ${section}`, ...lines.map((line) => `    ${line}`)];
  });
  return differences.length === 0 ? [] : [head, ...differences].map(printable);
}
