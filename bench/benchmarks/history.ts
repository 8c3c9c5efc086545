import { startLocalGateway } from "../../local-gateway/index.ts";
import type { Benchmark, BenchOptions, Finding } from "../finding.ts";
import { type CourseReport, runCourse } from "../history/gateway-course.ts";

const MINUTES = 1;
const MINUTE = 60_000;
/** How many channels are in use at the same time. */
const CHANNELS = 4;
const FAULTS = {
  postError: 0.05,
  postGone: 0.05,
  cutPost: 0.03,
  slowPost: { share: 0.03, milliseconds: 700 },
  duplicateEvent: 0.1,
  dropDisconnect: 0.2,
  delayDisconnect: 0.2,
  databaseError: 0.01,
  databaseThrottled: 0.01,
  slowDatabase: { share: 0.02, milliseconds: 900 },
  seed: 1,
} as const;
/** The template throttles every route to protect its owner. */
const PARAMETERS = {
  HistoryHours: "24",
  ThrottlingRateLimit: "1000000",
  ThrottlingBurstLimit: "1000000",
};

/** Whether members of channels get every message once and in order for minutes, whatever is lost, late or fails. */
export const history: Benchmark = {
  name: "history",
  async measure({ minutes = MINUTES }: BenchOptions = {}) {
    await using gateway = await startLocalGateway({
      template: "template.yaml",
      onLine: () => {},
      quiet: true,
      faults: FAULTS,
      parameterOverrides: PARAMETERS,
    });
    const end = performance.now() + minutes * MINUTE;
    const courses = Array.from({ length: CHANNELS }, (_, index) =>
      runCourse({
        url: gateway.url,
        channel: `channel-${index}`,
        random: Math.random,
        goesOn: () => performance.now() < end,
      }),
    );
    return findingsOf(await Promise.all(courses));
  },
};

function findingsOf(reports: readonly CourseReport[]): readonly Finding[] {
  const problems = reports.flatMap((report) => report.problems);
  for (const problem of problems.slice(0, 20)) {
    console.error(problem);
  }
  const sum = (of: (report: CourseReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  return [
    { what: "messages that were kept", unit: "messages", measured: sum(({ kept }) => kept) },
    { what: "deliveries to the members", unit: "messages", measured: sum(({ got }) => got) },
    {
      what: "messages missing, twice, or out of order",
      unit: "messages",
      measured: problems.length,
      bound: { atMost: 0 },
    },
  ];
}
