/**
 * CloudWatch's embedded metric format, as its specification and the documentation of metrics have it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */

/** The value of a metric, with the dimensions under which CloudWatch would keep it. */
export interface ExtractedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Earlier pages of the specification allow this much, in bytes; today's allow more. */
const MAX_BYTES = 256 * 1024;
const MAX_METRICS = 100;
const MAX_DIMENSIONS = 30;
const MAX_NAME = 1024;
const MAX_DIMENSION_NAME = 250;
/** What a namespace is made of; those of AWS are not for others. */
const NAMESPACE = /^(?!AWS\/)(?=.*\S)[\w./#: -]{1,255}$/;
const SIZES = ["Bytes", "Bits"].flatMap((unit) =>
  ["", "Kilo", "Mega", "Giga", "Tera"].map((factor) =>
    factor === "" ? unit : `${factor}${unit.toLowerCase()}`,
  ),
);
const UNITS = new Set([
  ...["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"],
  ...SIZES,
  ...SIZES.map((unit) => `${unit}/Second`),
]);

type Json = Readonly<Record<string, unknown>>;

/** Reads what a program has written as one line. Throws an error that names the first rule that it breaks. */
export function extractMetrics(written: string): readonly ExtractedMetric[] {
  rule(/^[^\n]+\n$/.test(written), "it is one line");
  rule(Buffer.byteLength(written) <= MAX_BYTES, "it is not too long");
  const root = record(JSON.parse(written), "the root");
  const metadata = record(root._aws, "_aws");
  rule(membersOf(metadata) === "CloudWatchMetrics,Timestamp", "_aws has its members alone");
  const { Timestamp, CloudWatchMetrics } = metadata;
  rule(Number.isSafeInteger(Timestamp) && Number(Timestamp) > 0, "Timestamp is in milliseconds");
  return list(CloudWatchMetrics, "CloudWatchMetrics").flatMap((it) =>
    extractDirective(root, record(it, "a directive")),
  );
}

function extractDirective(root: Json, directive: Json): readonly ExtractedMetric[] {
  const members = "Dimensions,Metrics,Namespace";
  rule(membersOf(directive) === members, "a directive has its members alone");
  const { Namespace } = directive;
  rule(typeof Namespace === "string" && NAMESPACE.test(Namespace), "the namespace is a valid one");
  const sets = list(directive.Dimensions, "Dimensions").map((set) => readDimensions(root, set));
  const metrics = list(directive.Metrics, "Metrics");
  rule(sets.length > 0, "there is a set of dimensions");
  rule(metrics.length <= MAX_METRICS, "there are not too many metrics");
  return metrics.flatMap((it) => {
    const { Name, Unit = "None", StorageResolution = 60, ...others } = record(it, "a metric");
    rule(Object.keys(others).length === 0, "a metric has its members alone");
    rule(isText(Name, MAX_NAME), "a metric has a name");
    rule(UNITS.has(String(Unit)), `${Unit} is a unit`);
    rule([1, 60].includes(Number(StorageResolution)), "the resolution is 1 or 60 seconds");
    const value = root[String(Name)];
    rule(typeof value === "number" && Number.isFinite(value), `${Name} has a number at the root`);
    return sets.map((dimensions) => ({
      namespace: String(Namespace),
      name: String(Name),
      unit: String(Unit),
      dimensions,
      value: Number(value),
    }));
  });
}

function readDimensions(root: Json, set: unknown): Readonly<Record<string, string>> {
  const names = list(set, "a set of dimensions");
  rule(names.length <= MAX_DIMENSIONS, "there are not too many dimensions");
  return Object.fromEntries(
    names.map((name) => {
      rule(isText(name, MAX_DIMENSION_NAME), "a dimension has a name");
      const value = root[String(name)];
      rule(isText(value, MAX_NAME), `${name} has a text at the root`);
      return [String(name), String(value)];
    }),
  );
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === "string" && /^[ -~]+$/.test(value) && value.length <= longest;
}

function membersOf(value: Json): string {
  return Object.keys(value).sort().join(",");
}

function record(value: unknown, what: string): Json {
  rule(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `${what} is an object`,
  );
  return value as Json;
}

function list(value: unknown, what: string): readonly unknown[] {
  rule(Array.isArray(value), `${what} is a list`);
  return value as readonly unknown[];
}

function rule(holds: boolean, sentence: string): void {
  if (!holds) {
    throw new Error(`The line breaks the rule that ${sentence}.`);
  }
}
