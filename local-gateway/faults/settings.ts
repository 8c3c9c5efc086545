import { LocalGatewayError } from "../errors.ts";

/**
 * What can go wrong on demand, and what then happens, in the words of the console. Each is something that AWS's services
 * are documented or known to do.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export const FAULTS = {
  dropDisconnect: "does not run",
  delayDisconnect: "runs late",
  duplicateEvent: "delivered twice",
  dropInvocation: "accepted, and never run",
  postGone: "answered with 410, nothing sent",
  postThrottled: "answered with 429, nothing sent",
  postError: "answered with 500, nothing sent",
  cutPost: "sent, but its answer is cut off",
  slowPost: "sent at once, answered late",
  databaseThrottled: "answered with ProvisionedThroughputExceededException, nothing done",
  databaseError: "answered with InternalServerError, nothing done",
  slowDatabase: "done at once, answered late",
} as const;

/** The name of a fault, the same in options, on the command line and in the log. */
export type FaultName = keyof typeof FAULTS;

const SLOW_FAULTS = ["delayDisconnect", "slowPost", "slowDatabase"] as const;

/** The faults that take time. */
export type SlowFaultName = (typeof SLOW_FAULTS)[number];

/** How often a fault is triggered, and how long its delay is. */
interface SlowFault {
  /** From 0, never, to 1, always. */
  readonly share: number;
  /** 2000 when absent. */
  readonly milliseconds?: number | undefined;
}

/** The faults to inject, by name: the share of cases in which each is triggered, from 0 to 1. */
export type FaultSettings = {
  readonly [Name in FaultName]?: Name extends SlowFaultName
    ? number | SlowFault | undefined
    : number | undefined;
} & {
  /** Chooses the cases: a whole number from 0 to 4294967295, 1 when absent. The same seed chooses the same ones. */
  readonly seed?: number | undefined;
};

/** One fault, checked. */
interface CheckedFault {
  readonly name: FaultName;
  readonly share: number;
  /** 0 for a fault that takes no time. */
  readonly milliseconds: number;
}

/** Settings, checked. */
interface CheckedFaults {
  readonly seed: number;
  readonly faults: readonly CheckedFault[];
}

const DEFAULT_SEED = 1;
/** The largest seed. */
export const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_MILLISECONDS = 2_000;
/** The longest that a timer can wait. */
const MAX_MILLISECONDS = 2 ** 31 - 1;

/** Checks settings. Throws `INVALID_OPTION` when a name, a share, a time or the seed is invalid. */
export function readFaultSettings({ seed, ...settings }: FaultSettings): CheckedFaults {
  if (seed !== undefined && !isWholeNumber(seed, MAX_SEED)) {
    throw invalid(`The seed of the faults is a whole number from 0 to ${MAX_SEED}, not ${seed}.`);
  }
  const faults = Object.entries(settings).flatMap(([name, setting]) =>
    setting === undefined ? [] : [readFault(name, setting)],
  );
  return { seed: seed ?? DEFAULT_SEED, faults };
}

function readFault(name: string, setting: unknown): CheckedFault {
  if (!isFaultName(name)) {
    const names = Object.keys(FAULTS).join(", ");
    throw invalid(`There is no fault ${JSON.stringify(name)}: the faults are ${names}.`);
  }
  const { share, milliseconds, ...others } =
    typeof setting === "object" && setting !== null
      ? { share: undefined, milliseconds: undefined, ...setting }
      : { share: setting, milliseconds: undefined };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalid(`The fault ${name} takes a share and milliseconds, not ${unknown}.`);
  }
  if (!(typeof share === "number" && share >= 0 && share <= 1)) {
    throw invalid(`The fault ${name} takes a share from 0 to 1, not ${share}.`);
  }
  if (!SLOW_FAULTS.some((slow) => slow === name)) {
    if (milliseconds !== undefined) {
      throw invalid(`The fault ${name} takes a share only, not milliseconds.`);
    }
    return { name, share, milliseconds: 0 };
  }
  if (milliseconds !== undefined && !isWholeNumber(milliseconds, MAX_MILLISECONDS)) {
    const range = `from 0 to ${MAX_MILLISECONDS}`;
    throw invalid(`The fault ${name} takes milliseconds ${range}, not ${milliseconds}.`);
  }
  return { name, share, milliseconds: milliseconds ?? DEFAULT_MILLISECONDS };
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function isWholeNumber(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

const FORM = /^(?<name>\w+)=(?<share>\d+(\.\d+)?|\.\d+)(:(?<milliseconds>\d+))?$/;

/**
 * Reads the faults of a command line, each `NAME=SHARE` or `NAME=SHARE:MILLISECONDS`; undefined when there are none.
 *
 * Throws `INVALID_OPTION` with one sentence when one has another form, is given twice, or is invalid.
 */
export function parseFaults(
  texts: readonly string[],
  seed: number | undefined,
): FaultSettings | undefined {
  const faults = new Map<string, number | { share: number; milliseconds: number }>();
  for (const text of texts) {
    const { name, share, milliseconds } = FORM.exec(text)?.groups ?? {};
    if (name === undefined) {
      const forms = "NAME=SHARE or NAME=SHARE:MILLISECONDS";
      throw invalid(`--fault takes ${forms}, not ${JSON.stringify(text)}.`);
    }
    if (faults.has(name)) {
      throw invalid(`--fault ${name} is given twice.`);
    }
    faults.set(
      name,
      milliseconds === undefined
        ? Number(share)
        : { share: Number(share), milliseconds: Number(milliseconds) },
    );
  }
  if (faults.size === 0) {
    return;
  }
  const settings: FaultSettings = { ...Object.fromEntries(faults), seed };
  readFaultSettings(settings);
  return settings;
}

function invalid(sentence: string): LocalGatewayError {
  return new LocalGatewayError("INVALID_OPTION", sentence);
}
