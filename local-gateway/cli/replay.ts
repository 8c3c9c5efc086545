import { LocalGatewayError } from "../errors.ts";
import type { LocalGatewayOptions } from "../options.ts";
import { readRecording } from "../recording/read-recording.ts";
import { describeDifference } from "../replay/describe.ts";
import { replay } from "../replay/replay.ts";
import { readApplication } from "../template/application.ts";

/** The arguments of `replay`: the recording, and those of the gateway. */
interface ReplayArguments {
  readonly file: string;
  readonly gateway: readonly string[];
}

/** What a replay takes of the gateway's options: what says which functions run. */
const TAKEN = ["--template", "--api", "--stage", "--parameter-overrides", "--env-vars"];

const HELP = ["--help", "-h", "--version"];

/** An option of the project's own script, which comes before the command, with its value. */
const DEFAULT = "--default-parameter";

/**
 * Reads `replay FILE [options]`; undefined when that is not the command. Throws `INVALID_OPTION` when the file is missing,
 * or an option says something else than which functions run.
 */
export function readReplay(args: readonly string[]): ReplayArguments | undefined {
  const defaults = args[0] === DEFAULT ? args.slice(0, 2) : [];
  const [name, file = "", ...options] = args.slice(defaults.length);
  if (name !== "replay") {
    return;
  }
  const help = [file, ...options].filter((option) => HELP.includes(option));
  if (help.length > 0) {
    return { file, gateway: help };
  }
  if (file === "" || file.startsWith("-")) {
    const sentence = "replay takes a recording first, for example: replay session.jsonl";
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  const names = options.flatMap((option) => /^-[^=]*/.exec(option) ?? []);
  const other = names.find((option) => !TAKEN.includes(option));
  if (other !== undefined) {
    const sentence = `replay does not take ${other}: it takes ${TAKEN.join(", ")}.`;
    throw new LocalGatewayError("INVALID_OPTION", sentence);
  }
  return { file, gateway: [...defaults, ...options] };
}

/**
 * Runs the events of a recording on today's code and prints what differs. Gives the exit code: 1 when something does, 0
 * otherwise.
 *
 * Throws `RECORDING_UNREADABLE`, and as `replay` does.
 */
export async function runReplay(
  file: string,
  { template, region, ...options }: LocalGatewayOptions,
  print: (line: string) => void,
): Promise<number> {
  const session = await readRecording(file);
  const { header } = session;
  const application = await readApplication(template, {
    ...options,
    region: region ?? header.region,
  });
  let events = 0;
  let different = 0;
  for await (const event of replay(application, application.region, session)) {
    const lines = describeDifference(event);
    events += 1;
    different += lines.length > 0 ? 1 : 0;
    for (const line of lines) {
      print(line);
    }
  }
  const run = events === 1 ? "1 event has" : `${events} events have`;
  print(`${run} run again: ${summaryOf(different)}.`);
  return different === 0 ? 0 : 1;
}

function summaryOf(different: number): string {
  if (different === 0) {
    return "all as recorded";
  }
  return different === 1 ? "1 differs" : `${different} differ`;
}
