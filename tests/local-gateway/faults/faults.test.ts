import { createRandom, Faults } from "../../../local-gateway/faults/faults.ts";
import {
  FAULTS,
  type FaultName,
  type FaultSettings,
} from "../../../local-gateway/faults/settings.ts";
import { startFaultyGateway } from "./start-faulty-gateway.ts";

const TARGET = { subject: "POST" };

/** Which fault is triggered in each of 200 cases. */
function decisions(settings: FaultSettings, names: readonly FaultName[]): (string | undefined)[] {
  const faults = new Faults(settings);
  return Array.from({ length: 200 }, () => faults.trigger(names, TARGET));
}

test("the same seed makes the same decisions, another seed others", () => {
  const once = decisions({ postGone: 0.5, seed: 7 }, ["postGone"]);
  expect(decisions({ postGone: 0.5, seed: 7 }, ["postGone"])).toEqual(once);
  expect(decisions({ postGone: 0.5, seed: 8 }, ["postGone"])).not.toEqual(once);
  expect(decisions({ postGone: 0.5, seed: 1 }, ["postGone"])).toEqual(
    decisions({ postGone: 0.5 }, ["postGone"]),
  );
});

test("a fault is triggered about as often as its share says", () => {
  const triggered = decisions({ postGone: 0.25 }, ["postGone"]).filter(Boolean);
  expect(triggered.length).toBeGreaterThan(30);
  expect(triggered.length).toBeLessThan(70);
});

test("faults do not influence each other", () => {
  const names = ["postThrottled", "postGone"] as const;
  const alone = decisions({ postGone: 0.3 }, names);
  const together = decisions({ postGone: 0.3, postThrottled: 0.3 }, names);
  const others = together.map((name, index) => (name === "postThrottled" ? alone[index] : name));
  expect(others).toEqual(alone);
  expect(together).toContain("postThrottled");
  expect(decisions({ postThrottled: 0.3 }, names)).not.toEqual(
    alone.map((name) => name && "postThrottled"),
  );
});

test("the numbers are mulberry32's", () => {
  const random = createRandom(1);
  expect([random(), random(), random()].map((number) => number * 2 ** 32)).toEqual([
    2_693_262_067, 11_749_833, 2_265_367_787,
  ]);
});

test("the same seed triggers faults for the same posts in another run", async () => {
  const runs = await Promise.all(
    [1, 2].map(async () => {
      await using gateway = await startFaultyGateway({ postError: 0.5, seed: 42 });
      const outcomes: string[] = [];
      for (let post = 0; post < 20; post += 1) {
        outcomes.push(
          await gateway.post("x").then(
            () => "sent",
            () => "failed",
          ),
        );
      }
      return outcomes;
    }),
  );
  expect(new Set(runs[0])).toEqual(new Set(["sent", "failed"]));
  expect(runs[1]).toEqual(runs[0]);
});

test("no fault is triggered that is not in the settings", async () => {
  for (const settings of [{}, { postGone: 0, seed: 3 }]) {
    expect(new Set(decisions(settings, Object.keys(FAULTS) as FaultName[]))).toEqual(
      new Set([undefined]),
    );
  }
  await using gateway = await startFaultyGateway({});
  await gateway.post("hello");
  expect(await gateway.client.messages.take()).toBe("hello");
  gateway.client.webSocket.close();
  expect((await gateway.events.take()).requestContext.routeKey).toBe("$disconnect");
  await gateway.gateway.close();
  expect(gateway.events.size).toBe(0);
  expect(gateway.triggers.size).toBe(0);
});

test.each<[object, RegExp]>([
  [
    { postgone: 1 },
    /^There is no fault "postgone": the faults are dropDisconnect, .*slowDatabase\.$/,
  ],
  [{ toString: 1 }, /^There is no fault "toString": /],
  [{ postGone: 1.5 }, /^The fault postGone takes a share from 0 to 1, not 1\.5\.$/],
  [{ postGone: Number.NaN }, /^The fault postGone takes a share from 0 to 1, not NaN\.$/],
  [
    { postGone: { share: 1, milliseconds: 5 } },
    /^The fault postGone takes a share only, not milliseconds\.$/,
  ],
  [
    { slowPost: { share: 1, milliseconds: -1 } },
    /^The fault slowPost takes milliseconds from 0 to 2147483647, not -1\.$/,
  ],
  [{ postGone: null }, /^The fault postGone takes a share from 0 to 1, not null\.$/],
  [{ slowPost: "often" }, /^The fault slowPost takes a share from 0 to 1, not often\.$/],
  [
    { slowPost: { milliseconds: 5 } },
    /^The fault slowPost takes a share from 0 to 1, not undefined\.$/,
  ],
  [
    { slowPost: { share: 1, ms: 5 } },
    /^The fault slowPost takes a share and milliseconds, not ms\.$/,
  ],
  [{ seed: 0.5 }, /^The seed of the faults is a whole number from 0 to 4294967295, not 0\.5\.$/],
])("the settings %j are rejected in one sentence", (settings, sentence) => {
  expect(() => new Faults(settings)).toThrow(
    expect.objectContaining({
      code: "INVALID_OPTION",
      message: expect.stringMatching(sentence),
    }),
  );
});
