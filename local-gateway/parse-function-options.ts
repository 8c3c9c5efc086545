/** How the functions run. */
export interface FunctionArguments {
  /** Absent unless the command line switches it off. */
  readonly watch?: false;
  /** The port for a debugger, 0 for any free one. */
  readonly inspect?: number;
  readonly maxEnvironments?: number;
}

interface FunctionValues {
  readonly "no-watch"?: boolean | undefined;
  readonly inspect?: string | undefined;
  readonly "max-environments"?: string | undefined;
}

const MAX_PORT = 65_535;

/** Reads the options of the command line that are about functions. Throws with one sentence when a value is wrong. */
export function parseFunctionOptions(values: FunctionValues): FunctionArguments {
  const { inspect, "max-environments": maxEnvironments } = values;
  if (inspect !== undefined && maxEnvironments !== undefined) {
    throw new Error("--max-environments cannot go with --inspect: a debugger has one environment.");
  }
  return {
    ...(values["no-watch"] && { watch: false }),
    ...(inspect !== undefined && { inspect: numberOf("--inspect", inspect, 0, MAX_PORT) }),
    ...(maxEnvironments !== undefined && {
      maxEnvironments: numberOf("--max-environments", maxEnvironments, 1, 1000),
    }),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) {
    return number;
  }
  const range = `a number from ${least} to ${most}`;
  throw new Error(`${option} takes ${range}, not ${JSON.stringify(text)}.`);
}
