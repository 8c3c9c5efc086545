import type { AudienceCommand, AudienceReport } from "../commands.ts";
import type { Benchmark, Finding } from "../finding.ts";
import { startGateway } from "../gateway.ts";
import { requireOpenFiles } from "../machine.ts";
import { median } from "../measure.ts";
import { startProgram } from "../program.ts";
import { DEPLOYED, type ModelInputs } from "../simulation/inputs.ts";
import { type Simulated, simulate } from "../simulation/simulate.ts";

/** `FanOutPerSecond` as the template has it, and a higher one. */
export const PACE = 2_000;
const HIGHER_PACE = 5_000;
/** A channel that one invocation delivers to by itself. */
const SMALL = 1_000;
const SIZES = [10_000, 100_000, 1_000_000];
/** From this size on the time that starting and ending take must be small. */
const LARGE = 100_000;
const MESSAGES = 3;

/** What the local gateway is compared with the model at; the pace is one that a laptop keeps. */
const LOCAL_PACE = 500;
const CALIBRATED_AT = 500;
const COMPARED_AT = [1_000, 3_000];
const ROUNDS = 5;

/** What is simulated, and how it went. */
interface Row extends Simulated {
  readonly what: string;
}

/** A model of large channels on AWS: the domain code in virtual time, with bounds for how well it keeps its pace. */
export const scale: Benchmark = {
  name: "scale",
  async measure() {
    const { rows, findings } = await runModel(SIZES);
    console.log([...describeModel(rows), ""].join("\n"));
    return [...findings, ...(await compareWithGateway())];
  },
};

/** Runs the model at each of `sizes`, and what else the bounds are about. Without `isPaced` slices share no pace. */
export async function runModel(
  sizes: readonly number[],
  isPaced = true,
): Promise<{ readonly rows: readonly Row[]; readonly findings: readonly Finding[] }> {
  const today = await simulate({ members: SMALL, perSecond: PACE, isUnsliced: true });
  const small = await simulate({ members: SMALL, perSecond: PACE, isPaced });
  const rows: Row[] = [{ what: atPace(SMALL, PACE), ...small }];
  const findings: Finding[] = [
    {
      what: "model: 1,000, by an invocation that reads all targets first / that posts while it reads",
      unit: "s",
      measured: small.seconds,
      baseline: today.seconds,
      // Two pages are read before the first post, because every envelope says whether the message is large.
      bound: { atMost: 1.02 },
    },
  ];
  const paces = (members: number) => (members === LARGE ? [PACE, HIGHER_PACE] : [PACE]);
  for (const members of sizes) {
    for (const perSecond of paces(members)) {
      const what = atPace(members, perSecond);
      const run = await simulate({ members, perSecond, isPaced });
      rows.push({ what, ...run });
      findings.push(...goalsOf(`model: ${what}`, run, members, perSecond));
    }
  }
  const [members = SMALL] = sizes;
  const together = await simulate({ members, perSecond: PACE, messages: MESSAGES, isPaced });
  const what = `${MESSAGES} messages at once, each to ${atPace(members, PACE)}`;
  rows.push({ what, ...together });
  findings.push(peakOf(`model: ${what}`, together, PACE));
  return { rows, findings };
}

function goalsOf(
  what: string,
  run: Simulated,
  members: number,
  perSecond: number,
): readonly Finding[] {
  const rate: Finding = {
    what: `${what}, from the first post to the last / the pace`,
    unit: "/s",
    measured: run.rate,
    baseline: perSecond,
    bound: { atLeast: 0.9 },
  };
  const time: Finding = {
    what: `${what}, to the last delivery / as long as the pace allows`,
    unit: "s",
    measured: run.seconds,
    baseline: members / perSecond,
    bound: { atMost: 1.15 },
  };
  return [rate, peakOf(what, run, perSecond), ...(members >= LARGE ? [time] : [])];
}

function peakOf(what: string, { peakRate }: Simulated, perSecond: number): Finding {
  return {
    what: `${what}, in the second with the most posts / the pace`,
    unit: "/s",
    measured: peakRate,
    baseline: perSecond,
    bound: { atMost: 1.05 },
  };
}

function atPace(members: number, perSecond: number): string {
  return `${members.toLocaleString("en")} at ${perSecond.toLocaleString("en")}/s`;
}

/** How the simulations went and what they cost, as the lines of a Markdown table. */
function describeModel(rows: readonly Row[]): readonly string[] {
  const number = (value: number) => Math.round(value).toLocaleString("en");
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return [
    "| model, not a measurement | last delivery | receipt | posts a second | invocations | environments | GB-seconds | write units | read units |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows.map((run) =>
      [
        `| ${run.what}`,
        seconds(run.seconds),
        seconds(run.answeredAfter),
        number(run.rate),
        number(run.invocations),
        number(run.environments),
        number(run.gigabyteSeconds),
        number(run.units.writes),
        `${number(run.units.reads)} |`,
      ].join(" | "),
    ),
  ];
}

/**
 * Whether the model says how long the local gateway takes, with the time of a delivery on this machine; that is measured anew
 * in each round.
 */
async function compareWithGateway(): Promise<readonly Finding[]> {
  const sizes = [CALIBRATED_AT, ...COMPARED_AT];
  requireOpenFiles(2 * sizes.reduce((sum, size) => sum + size, 0));
  const gateway = await startGateway(`FanOutPerSecond=${LOCAL_PACE}`);
  const channels = await Promise.all(sizes.map((members) => gather(gateway.url, members)));
  const [calibrated, ...compared] = channels;
  const rounds: (readonly Compared[])[] = [];
  // The first round only starts the environments.
  for (let round = 0; round <= ROUNDS && calibrated !== undefined; round += 1) {
    const post = ((await calibrated.send()) * 1000) / CALIBRATED_AT;
    const results: Compared[] = [];
    for (const { members, send } of compared) {
      const measured = await send();
      const inputs = { ...LOCAL, post };
      const { answeredAfter } = await simulate({ members, perSecond: LOCAL_PACE, inputs });
      results.push({ measured, modelled: answeredAfter });
    }
    rounds.push(results);
  }
  await Promise.all(channels.map(({ stop }) => stop()));
  await gateway.stop();
  return compared.map(({ members }, index) => {
    const results = rounds.slice(1).flatMap((round) => round[index] ?? []);
    const measured = median(results.map((it) => it.measured)).toFixed(1);
    const modelled = median(results.map((it) => it.modelled)).toFixed(1);
    return {
      what: `${atPace(members, LOCAL_PACE)}: the local gateway's time, ${measured} s, differs from its model's, ${modelled} s, by`,
      unit: "%",
      measured: Math.abs(median(results.map((it) => it.measured / it.modelled)) - 1) * 100,
      bound: { atMost: 20 },
    };
  });
}

/** How long a message took, and takes in the model, in seconds. */
interface Compared {
  readonly measured: number;
  readonly modelled: number;
}

/** A laptop: a whole processor for each environment, nothing far away, and no environment that has to start. */
const LOCAL: ModelInputs = {
  ...DEPLOYED,
  memory: DEPLOYED.memoryOfOneProcessor,
  postLatency: 1,
  databaseLatency: 2,
  invokeLatency: 2,
  messageStart: 1,
  jobStart: 2,
  environmentStart: 0,
};

/** Makes a channel at the gateway; `send` resolves with the time that a message and its receipt take, in seconds. */
async function gather(url: string, members: number) {
  const audience = startProgram<AudienceCommand, AudienceReport>("audience.ts");
  const channel = `of-${members}`;
  await audience.ask({ do: "join", url, channel, members });
  return {
    members,
    send: async () => (await audience.ask({ do: "send", channel })).seconds,
    stop: audience.stop,
  };
}
