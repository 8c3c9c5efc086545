import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readApplication } from "../../local-gateway/template/application.ts";
import { TemplateFile } from "../../local-gateway/template/file.ts";
import { resolveParameters } from "../../local-gateway/template/parameters.ts";
import { Resolver } from "../../local-gateway/template/resolve.ts";
import { existingResources, readResources } from "../../local-gateway/template/resources.ts";
import { createStack } from "../../local-gateway/template/stack.ts";
import { ERROR_CODES } from "../../protocol/errors.ts";
import { createMeasure } from "../../src/app/metrics.ts";
import { extractMetrics } from "../support/embedded-metric-format.ts";

const TEXT = readFileSync("template.yaml", "utf8");
const PAGE = readFileSync("docs/operations.md", "utf8");
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:relay-alarms";
const EVERYTHING = { AlarmTopicArn: TOPIC, Metrics: "true", HistoryHours: "24" };

type Parameters = Readonly<Record<string, string>>;

/** A metric as an alarm or a graph names it. */
interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** The template as it is deployed with these parameters. */
function deployed(parameters: Parameters): Resolver {
  const file = new TemplateFile("template.yaml", TEXT);
  const stack = createStack("template.yaml", "eu-west-1");
  return new Resolver(file, stack, resolveParameters(file, parameters), readResources(file));
}

/** The alarms that exist with these parameters, by their logical ids, with every property as CloudWatch gets it. */
function alarmsWith(
  parameters: Parameters,
): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const stack = deployed(parameters);
  return new Map(
    existingResources(stack, "AWS::CloudWatch::Alarm").map(({ logicalId, properties }) => [
      logicalId,
      stack.resolve(properties, ["Resources", logicalId, "Properties"]) as typeof properties,
    ]),
  );
}

const ALARMS = alarmsWith(EVERYTHING);

interface MetricQuery {
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: WrittenMetric };
}

interface WrittenMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** The metrics that an alarm reads: its own, or those of its expression. */
function metricsOf(alarm: Readonly<Record<string, unknown>>): readonly MetricName[] {
  const { Metrics } = alarm as { readonly Metrics?: readonly MetricQuery[] };
  const written =
    Metrics === undefined
      ? [alarm as unknown as WrittenMetric]
      : Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  return written.map(({ Namespace, MetricName, Dimensions }) => ({
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
  }));
}

/** Every metric of the relay's own, from a line that has all of them. */
const OWN = (() => {
  const written: string[] = [];
  const outcomes = { delivered: 1, gone: 1, tooLarge: 1, throttled: 1, rejected: 1, failed: 1 };
  createMeasure("f", (line) => written.push(line))({
    connected: true,
    rejection: "FORBIDDEN",
    summary: { outcomes, complete: false },
    startedAt: 1,
    gap: true,
    failures: [1],
  });
  return written.flatMap(extractMetrics);
})();

/**
 * The metrics that there are, with their dimensions. Those of WebSocket APIs are other ones than those of REST APIs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
const KNOWN: Readonly<Record<string, { readonly names: string; readonly dimensions: string[] }>> = {
  "AWS/Lambda": {
    names: "Invocations Errors Throttles Duration ConcurrentExecutions",
    dimensions: ["FunctionName"],
  },
  "AWS/ApiGateway": {
    names:
      "ConnectCount MessageCount IntegrationError ClientError ExecutionError IntegrationLatency",
    dimensions: ["ApiId,Stage"],
  },
  "AWS/DynamoDB": {
    names:
      "ReadThrottleEvents WriteThrottleEvents ConsumedReadCapacityUnits ConsumedWriteCapacityUnits",
    dimensions: ["TableName", "GlobalSecondaryIndexName,TableName"],
  },
  WebSocketRelay: {
    names: OWN.filter(({ dimensions }) => !("Code" in dimensions))
      .map(({ name }) => name)
      .join(" "),
    dimensions: ["FunctionName"],
  },
};

function expectToExist({ namespace, name, dimensions }: MetricName): void {
  expect(KNOWN[namespace]?.names.split(" ")).toContain(name);
  expect(KNOWN[namespace]?.dimensions).toContain(Object.keys(dimensions).sort().join(","));
}

/** The properties of a resource as they are written. */
function propertiesOf(logicalId: string): Readonly<Record<string, unknown>> {
  const resources = readResources(new TemplateFile("template.yaml", TEXT));
  return resources.get(logicalId)?.properties ?? {};
}

/** The headings of the runbook, as the links to them are written. */
function runbookSections(): readonly string[] {
  const [, runbook = ""] = /^## Alarms\n(.*?)^## /ms.exec(PAGE) ?? [];
  return [...runbook.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replaceAll(" ", "-"),
  );
}

describe("The template's alarms", () => {
  test.each([
    [{}, []],
    [{ Metrics: "true", HistoryHours: "24" }, []],
    [{ AlarmTopicArn: TOPIC }, ["TableThrottlesAlarm"]],
    [
      { AlarmTopicArn: TOPIC, Metrics: "true" },
      ["TableThrottlesAlarm", "FailedDeliveriesAlarm", "FailuresAlarm"],
    ],
    [{ AlarmTopicArn: TOPIC, HistoryHours: "1" }, ["TableThrottlesAlarm", "HistoryThrottlesAlarm"]],
  ])("are, with %j, those that have something to watch", (parameters, some) => {
    const optional = /^(TableThrottles|FailedDeliveries|Failures|HistoryThrottles)Alarm$/;
    const alarms = [...alarmsWith(parameters).keys()];
    expect(alarms.filter((id) => optional.test(id)).sort()).toEqual([...some].sort());
    expect(alarms.length > 0).toBe("AlarmTopicArn" in parameters);
    const dashboards = existingResources(deployed(parameters), "AWS::CloudWatch::Dashboard");
    expect(dashboards.length > 0).toBe("AlarmTopicArn" in parameters);
  });

  test("notify the topic, and are silent where nobody talks", () => {
    for (const alarm of ALARMS.values()) {
      expect(alarm).toMatchObject({
        AlarmActions: [TOPIC],
        OKActions: [TOPIC],
        TreatMissingData: "notBreaching",
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        EvaluationPeriods: expect.any(Number),
        Threshold: expect.any(Number),
      });
    }
  });

  test("name the section of the runbook, which has one for each and no other", () => {
    const named = [...ALARMS.values()].map(
      ({ AlarmDescription }) =>
        /docs\/operations\.md#([a-z-]+)$/.exec(String(AlarmDescription))?.[1],
    );
    expect(named.length).toBeGreaterThan(0);
    expect([...named].sort()).toEqual([...runbookSections()].sort());
  });

  test("read metrics that exist, of this stack's own resources", () => {
    const stack = deployed(EVERYTHING);
    const value = (Ref: string) => stack.resolve({ Ref }, ["Resources"]);
    const own = new Set(
      ["RelayFunction", "WebSocketApi", "Stage", "ConnectionsTable", "MessagesTable"].map(value),
    );
    const { GlobalSecondaryIndexes: indexes } = propertiesOf("ConnectionsTable");
    for (const { IndexName } of indexes as readonly { readonly IndexName: string }[]) {
      own.add(IndexName);
    }
    const metrics = [...ALARMS.values()].flatMap(metricsOf);
    metrics.forEach(expectToExist);
    const used = metrics.flatMap(({ dimensions }) => Object.values(dimensions));
    expect(used.filter((it) => !own.has(it))).toEqual([]);
    // Of each resource there is an alarm.
    expect([...own].filter((it) => !used.includes(it))).toEqual([]);
  });

  test("use in their expressions no metric that they do not have", () => {
    for (const { Metrics } of ALARMS.values()) {
      const queries = (Metrics ?? []) as readonly (MetricQuery & { readonly Id: string })[];
      const ids = queries.map(({ Id }) => Id);
      const expressions = queries.flatMap(({ Expression }) => Expression ?? []);
      expect(expressions).toHaveLength(queries.length === 0 ? 0 : 1);
      for (const word of expressions.join(" ").match(/\b[a-z]\w*/g) ?? []) {
        expect(ids).toContain(word);
      }
      // Of an expression one result counts, which no other query may return.
      const returned = queries.filter((query) => !("ReturnData" in query));
      expect(returned.map(({ Expression }) => Expression)).toEqual(expressions);
    }
  });

  test("watch the concurrency that is reserved, or that an account has by default", () => {
    const expression = (parameters: Parameters) => {
      const { Metrics } = alarmsWith(parameters).get("ConcurrencyAlarm") ?? {};
      return (Metrics as readonly MetricQuery[]).map(({ Expression }) => Expression).at(-1);
    };
    expect(expression(EVERYTHING)).toBe("100 * used / 1000");
    expect(expression({ ...EVERYTHING, ReservedConcurrency: "50" })).toBe("100 * used / 50");
  });

  test("go on before a run is so long that its deliveries are broken off", async () => {
    const { functions } = await readApplication("template.yaml", { region: "eu-west-1" });
    const timeout = (functions.get("RelayFunction")?.timeout ?? 0) * 1000;
    // What is kept back for the answer to the sender, and for the function's result.
    const lastDelivery = timeout - 5000 - 500;
    const threshold = Number(ALARMS.get("FunctionDurationAlarm")?.Threshold);
    expect(threshold).toBeLessThan(lastDelivery);
    expect(threshold).toBeGreaterThan(lastDelivery * 0.9);
  });

  test("are as many, by what CloudWatch bills, as docs/operations.md says", () => {
    const count = (parameters: Parameters) =>
      [...alarmsWith(parameters).values()].flatMap(metricsOf).length;
    const [base, own, all] = [
      count({ AlarmTopicArn: TOPIC }),
      count({ AlarmTopicArn: TOPIC, Metrics: "true" }),
      count(EVERYTHING),
    ];
    expect(PAGE).toContain(
      `${base} alarm metrics, ${own - base} more with \`Metrics\`, ${all - own} more with history`,
    );
    expect(PAGE).toContain(`$${(base / 10).toFixed(2)} to $${(all / 10).toFixed(2)}`);
  });
});

describe("The template's dashboard", () => {
  /** Its body, with a name in place of each reference. */
  function widgets(): readonly {
    readonly type: string;
    readonly properties: { readonly title: string; readonly [name: string]: unknown };
  }[] {
    const stack = deployed(EVERYTHING);
    const [dashboard] = existingResources(stack, "AWS::CloudWatch::Dashboard");
    const body = dashboard?.properties.DashboardBody as {
      readonly "Fn::Sub": readonly [string, object];
    };
    const [text, variables] = body["Fn::Sub"];
    const filled = Object.keys(variables).reduce((it, name) => it.replace(`\${${name}}`, ""), text);
    return JSON.parse(filled.replace(/\$\{([\w:.]+)\}/g, "$1")).widgets;
  }

  test("has graphs of metrics that exist", () => {
    const graphs = widgets().filter(({ type }) => type === "metric");
    expect(graphs.length).toBeGreaterThan(0);
    for (const { properties } of graphs) {
      let above: readonly unknown[] = [];
      for (const row of properties.metrics as readonly (readonly unknown[])[]) {
        const texts = row.filter((it) => typeof it === "string");
        if (texts.length > 0) {
          // "..." stands for the whole row above, "." for one entry of it.
          above = texts[0] === "..." ? above : texts.map((it, at) => (it === "." ? above[at] : it));
          const [namespace, name, ...pairs] = above.map(String);
          const names = pairs.filter((_, at) => at % 2 === 0);
          const dimensions = Object.fromEntries(names.map((it) => [it, ""]));
          expectToExist({ namespace: String(namespace), name: String(name), dimensions });
        }
      }
    }
  });

  test("shows every alarm that there always is, and the others where they are", () => {
    const [first] = widgets();
    const alarms = first?.properties.alarms as readonly string[];
    const shown = alarms.map((it) => it.replace(/\.Arn$/, ""));
    expect([...shown].sort()).toEqual([...alarmsWith({ AlarmTopicArn: TOPIC }).keys()].sort());
    const added = [...ALARMS.keys()].filter((id) => !shown.includes(id));
    for (const id of added) {
      expect(TEXT).toContain(`"\${${id}.Arn}"`);
    }
  });

  test("has the graphs that docs/operations.md explains, in its order", () => {
    const [, table = ""] = /^\| Graph .*\n.*\n((?:\|.*\n)*)/m.exec(PAGE) ?? [];
    const explained = [...table.matchAll(/^\| ([^|]*) \|/gm)].map(([, title]) => title);
    const titles = widgets().map(({ properties }) => properties.title.replace(" (Metrics)", ""));
    expect(titles).toEqual(explained);
  });
});

describe("The parameters for operators", () => {
  const environmentWith = async (parameterOverrides: Parameters) => {
    const options = { region: "eu-west-1", parameterOverrides };
    const { functions } = await readApplication("template.yaml", options);
    return functions.get("RelayFunction")?.environment;
  };

  test("switch metrics on in the function, which are off by default", async () => {
    expect(await environmentWith({})).toMatchObject({ METRICS: "false" });
    expect(await environmentWith({ Metrics: "true" })).toMatchObject({ METRICS: "true" });
  });

  test("give SAM the name of the tracing mode, without which it would add the policy for X-Ray anyway", () => {
    const { Tracing } = propertiesOf("RelayFunction");
    expect(Tracing).toEqual({ Ref: "Tracing" });
    expect(deployed({}).resolve(Tracing, ["Resources"])).toBe("Disabled");
    const active = deployed({ Tracing: "Active" });
    expect(active.resolve(Tracing, ["Resources"])).toBe("Active");
  });

  test.each([
    { Metrics: "yes" },
    { Tracing: "true" },
    { AlarmTopicArn: "relay-alarms" },
    { AlarmTopicArn: `${TOPIC}.fifo` },
    { AlarmTopicArn: "arn:aws:sqs:eu-west-1:123456789012:relay-alarms" },
  ])("reject %j", async (parameterOverrides) => {
    const [name = ""] = Object.keys(parameterOverrides);
    await expect(environmentWith(parameterOverrides)).rejects.toThrow(name);
  });
});

describe("docs/operations.md", () => {
  test("has a row for each metric with its unit, and for no other", () => {
    const [, table = ""] = /^\| Metric \| Unit .*\n.*\n((?:\|.*\n)*)/m.exec(PAGE) ?? [];
    const rows = [...table.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(
      ([, name, unit]) => `${name} ${unit}`,
    );
    expect([...rows].sort()).toEqual(OWN.map(({ name, unit }) => `${name} ${unit}`).sort());
  });

  test("says how many metrics are billed at most", () => {
    const reasons = ["badName", "tooManyChannels", "unauthenticated", "nameless", "forbidden"];
    const codes = ERROR_CODES.length + reasons.length;
    const others = OWN.filter(({ name }) => name !== "Rejections").length;
    expect(PAGE).toContain(`there are ${others} metrics and ${codes} codes`);
    expect(PAGE).toContain(`up to ${others + codes} with all others`);
    for (const reason of reasons) {
      expect(PAGE).toContain(`\`${reason}\``);
    }
  });
});

const { stdout: installed } = spawnSync("cfn-lint", ["--version"], { encoding: "utf8" });
const [, major, minor] = /(\d+)\.(\d+)/.exec(installed ?? "") ?? [];
/** 1.51 is the first version that knows WebSocket APIs of SAM. */
const isInstalled = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 51);
// It is a program in Python, which the project does not install.
const testWhereInstalled = isInstalled ? test : test.skip;

testWhereInstalled(
  "cfn-lint has nothing to say about the template",
  () => {
    const { stdout, status } = spawnSync("cfn-lint", ["template.yaml"], { encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  },
  60_000,
);
