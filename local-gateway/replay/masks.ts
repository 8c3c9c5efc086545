/** What looks like an id that was made at random, whatever made it. */
const IDS = new RegExp(
  [
    // API Gateway's, with their one `=` at the end.
    /(?<![\w=-])[\w-]{15}=(?![\w=-])/,
    // UUIDs.
    /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/,
    // Trace ids.
    /\b1-[\da-f]{8}-[\da-f]{24}\b/,
    // ULIDs.
    /\b[0-7][\dA-HJKMNP-TV-Z]{25}\b/,
    // Object ids, and UUIDs without hyphens.
    /\b(?:[\da-f]{24}|[\da-f]{32})\b/,
    // nanoid's, which have letters of both cases and a digit.
    /(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{21}(?![\w-])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** Moments: in ISO 8601, as API Gateway writes them, and in milliseconds or seconds since 1970. */
const TIMES = new RegExp(
  [
    /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/,
    /\b\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/,
    /(?<![\d.])\d{13}(?!\d)/,
    /(?<![\d.])\d{10}(?:\.\d+)?(?!\d)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** Numbers that say how long something takes or lasts, by the names of their members, in JSON that may be in JSON. */
const DURATIONS =
  /(?<="\w*(?:expires_?in|elapsed|duration|remaining|uptime|latency)\w*\\*": ?)\d+(?:\.\d+)?/gi;

/** A year, in milliseconds. What is further away from the recording and from now is a value like any other. */
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** The two runs that are compared. */
export type Side = "recorded" | "replayed";

/**
 * Replaces ids and times, which differ from run to run. The same id has the same mask: `<id 4>` for the fourth that events
 * brought, `<id 7.1>` for the first that the functions made in event 7.
 */
export class Masks {
  readonly #from: number;
  readonly #to: number;
  /** Of the ids in events, which are the same in both runs. */
  readonly #given = new Map<string, string>();
  /** Of the ids that functions made. */
  readonly #made = { recorded: new Map<string, string>(), replayed: new Map<string, string>() };
  /** Those of the replay by their masks. */
  readonly #replayed = new Map<string, string>();
  #event = 0;
  /** How many ids functions have made in this event. */
  #count = { recorded: 0, replayed: 0 };

  /** @param startedAt when the recording began, in milliseconds since 1970 */
  constructor(startedAt: number) {
    this.#from = Math.min(startedAt, Date.now()) - YEAR;
    this.#to = Math.max(startedAt, Date.now()) + 2 * YEAR;
  }

  /**
   * Begins the next event, whose number is in the result, and learns the ids in its text. Gives the text for the replay, with
   * the ids that today's code has made in place of those that the recorded run made.
   */
  begin(text: string): { readonly number: number; readonly text: string } {
    this.#event += 1;
    this.#count = { recorded: 0, replayed: 0 };
    const translated = text.replace(IDS, (id) => {
      const mask = this.#made.recorded.get(id);
      if (mask === undefined && !this.#given.has(id)) {
        this.#given.set(id, `<id ${this.#given.size + 1}>`);
      }
      return (mask !== undefined && this.#replayed.get(mask)) || id;
    });
    return { number: this.#event, text: translated };
  }

  /** The text with masks. */
  mask(text: string, side: Side): string {
    return this.#withoutTimes(text).replace(IDS, (id) => this.#maskOf(id, side));
  }

  /** The text without anything that differs from run to run, not even which ids that functions made are the same. */
  blank(text: string): string {
    return this.#withoutTimes(text).replace(IDS, (id) => this.#given.get(id) ?? "<id>");
  }

  #maskOf(id: string, side: Side): string {
    const made = this.#made[side];
    const known = this.#given.get(id) ?? made.get(id);
    if (known !== undefined) {
      return known;
    }
    this.#count[side] += 1;
    const mask = `<id ${this.#event}.${this.#count[side]}>`;
    made.set(id, mask);
    if (side === "replayed") {
      this.#replayed.set(mask, id);
    }
    return mask;
  }

  #withoutTimes(text: string): string {
    return text
      .replace(DURATIONS, "<time>")
      .replace(TIMES, (time) => (this.#isNear(time) ? "<time>" : time));
  }

  #isNear(time: string): boolean {
    const [number = ""] = time.split(".", 1);
    const moment = /^\d+$/.test(number)
      ? Number(number) * (number.length === 10 ? 1000 : 1)
      : Date.parse(time.replace(/^(\d\d)\/(\w+)\/(\d{4}):/, "$1 $2 $3 "));
    return moment >= this.#from && moment <= this.#to;
  }
}
