import { readFileSync } from "node:fs";
import { PACE, runModel } from "../../bench/benchmarks/scale.ts";
import { isWithin } from "../../bench/finding.ts";
import { DEPLOYED } from "../../bench/simulation/inputs.ts";
import { simulate } from "../../bench/simulation/simulate.ts";

const MEMBERS = 10_000;

describe("The model of a large channel", () => {
  test("keeps the pace, with one message and with three at once", async () => {
    const { rows, findings } = await runModel([MEMBERS]);
    expect(findings.filter((finding) => !isWithin(finding))).toEqual([]);
    expect(rows.map(({ deliveries }) => deliveries)).toEqual([1_000, MEMBERS, 3 * MEMBERS]);
  });

  test("breaks the bounds of the pace when large messages do not share one", async () => {
    const { findings } = await runModel([MEMBERS], false);
    const broken = findings.filter((finding) => !isWithin(finding)).map(({ what }) => what);
    expect(broken).toEqual([
      "model: 10,000 at 2,000/s, in the second with the most posts / the pace",
      "model: 3 messages at once, each to 10,000 at 2,000/s, in the second with the most posts / the pace",
    ]);
  });

  test("goes on in further invocations when the time of the first one ends, and its receipt says so", async () => {
    const members = 50_000;
    const { deliveries, answers } = await simulate({ members, perSecond: PACE });
    expect(deliveries).toBe(members);
    expect(answers).toEqual([expect.objectContaining({ relay: "receipt", complete: false })]);
  });

  test("posts no faster than the account may, and counts what that costs as failed", async () => {
    const inputs = { ...DEPLOYED, requestsPerSecond: 1_000, requestBurst: 500 };
    const members = 5_000;
    const { peakRate, deliveries, answers } = await simulate({ members, perSecond: PACE, inputs });
    expect(peakRate).toBeLessThanOrEqual(1_500);
    const receipt = { delivered: deliveries, failed: members - deliveries, complete: true };
    expect(answers).toEqual([expect.objectContaining(receipt)]);
  });

  test("has the memory, the timeout and the pace of the template", () => {
    const template = readFileSync("template.yaml", "utf8");
    expect(template).toContain(`MemorySize: ${DEPLOYED.memory}\n`);
    expect(template).toContain(`Timeout: ${DEPLOYED.timeout / 1000}\n`);
    expect(template).toContain(`FanOutPerSecond:\n    Type: Number\n    Default: ${PACE}\n`);
  });
});
