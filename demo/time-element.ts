import { createElement } from "./create-element.ts";

const FORMATS = {
  minutes: new Intl.DateTimeFormat(undefined, { timeStyle: "short" }),
  seconds: new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }),
} as const;
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** The time of day where the reader is; the date shows on hovering. */
export function timeElement(date: Date, precision: keyof typeof FORMATS): HTMLTimeElement {
  const time = createElement("time", "time", FORMATS[precision].format(date));
  time.dateTime = date.toISOString();
  time.title = WHOLE.format(date);
  return time;
}
