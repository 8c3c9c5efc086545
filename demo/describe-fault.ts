import type { Problem } from "./problem.ts";

/** What the client speaks of, the field that it comes from, and how the form calls it. */
const SUBJECTS = [
  ["The user ", "user", "Your name "],
  ["The channel ", "channel", "The channel "],
  ["The URL ", "url", "The address "],
] as const;

/** What is wrong with what was typed, from the client's error: the field, and a sentence with its label. */
export function describeFault(error: unknown): Problem {
  const { message } = error as Error;
  for (const [subject, field, label] of SUBJECTS) {
    if (message.startsWith(subject)) {
      return { field, text: label + message.slice(subject.length) };
    }
  }
  return { text: message };
}
