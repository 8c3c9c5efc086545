import { runCourse } from "../../bench/history/gateway-course.ts";
import { createRandom } from "../../local-gateway/faults/faults.ts";
import { startRelay } from "./support/relay-clients.ts";

const SEEDS = [1, 2, 3, 4];
/** On one gateway, each in a channel of its own. */
const COURSES = 5;
const EVENTS = 10;

test("over a local gateway with any injected faults, every member gets every message once and in order", async () => {
  for (const seed of SEEDS) {
    const random = createRandom(seed);
    const share = (most: number) => (random() < 0.6 ? random() * most : 0);
    const faults = {
      postError: share(0.2),
      postGone: share(0.2),
      cutPost: share(0.1),
      slowPost: { share: share(0.1), milliseconds: 700 },
      duplicateEvent: share(0.3),
      dropDisconnect: share(0.5),
      delayDisconnect: share(0.5),
      databaseError: share(0.05),
      databaseThrottled: share(0.05),
      slowDatabase: { share: share(0.05), milliseconds: 900 },
      seed,
    };
    await using relay = await startRelay({ faults, parameterOverrides: { HistoryHours: "24" } });
    const courses = Array.from({ length: COURSES }, async (_, index) => {
      let left = EVENTS;
      const channel = `lobby-${index}`;
      const goesOn = () => left-- > 0;
      const seeded = createRandom(100 * seed + index);
      return await runCourse({ url: relay.gateway.url, channel, random: seeded, goesOn });
    });
    const problems = (await Promise.all(courses)).map((report) => report.problems);
    expect({ faults, problems }).toEqual({ faults, problems: problems.map(() => []) });
  }
}, 240_000);
