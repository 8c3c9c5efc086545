import type { ErrorCode } from "../../protocol/errors.ts";
import type { DeliverySummary } from "../domain/receipt.ts";
import type { ConnectOutcome } from "../domain/use-cases/connect.ts";

/** What one invocation has done, as far as there are metrics of it. Nothing in it was written by a client. */
interface Measured {
  /** Whether a client was registered. */
  readonly connected?: boolean;
  /** The code of the error, or the reason why a client was not registered, if something was rejected. */
  readonly rejection?: ErrorCode | ConnectOutcome["kind"] | undefined;
  /** What became of a message, if it had targets. */
  readonly summary?: DeliverySummary | undefined;
  /** What became of a part of a large message, which another invocation has handed out. */
  readonly part?: DeliverySummary | undefined;
  /** When the work on it began, in milliseconds since 1970. */
  readonly startedAt?: number;
  /** Whether a history that was sent misses messages that are no longer kept. */
  readonly gap?: boolean | undefined;
  /** What went wrong on our side, as the log has it. */
  readonly failures?: readonly unknown[];
}

/** Writes the metrics of one invocation. */
export type Measure = (measured: Measured) => void;

/** The namespace of the metrics in CloudWatch. */
const NAMESPACE = "WebSocketRelay";
/** Each of them, by its unit. */
const UNITS = {
  Connects: "Count",
  Rejections: "Count",
  Deliveries: "Count",
  DeliveriesGone: "Count",
  DeliveriesThrottled: "Count",
  DeliveriesFailed: "Count",
  DeliveriesIncomplete: "Count",
  FanOutSize: "Count",
  FanOutTime: "Milliseconds",
  HistoryGaps: "Count",
  Failures: "Count",
} as const;

type MetricName = keyof typeof UNITS;

/**
 * Makes the function that writes metrics in CloudWatch's embedded metric format: one line for each invocation that has any,
 * from which CloudWatch Logs takes them, without a call. `write` takes the line, and must not add anything to it: the console
 * would wrap it in a log line of its own, which CloudWatch does not read. Each combination of a metric and its dimensions is
 * billed, so the only dimensions are the function and, of a rejection, its code.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMeasure(functionName: string, write: (line: string) => unknown): Measure {
  return (measured) => {
    const now = Date.now();
    const values = valuesOf(measured, now);
    const code = measured.rejection;
    const directives = [
      ...(Object.keys(values).length > 0 ? [directive(["FunctionName"], values)] : []),
      ...(code === undefined ? [] : [directive(["FunctionName", "Code"], { Rejections: 1 })]),
    ];
    if (directives.length > 0) {
      const line = {
        // By these two Lambda filters and sorts lines that are JSON already.
        timestamp: new Date(now).toISOString(),
        level: "INFO",
        _aws: { Timestamp: now, CloudWatchMetrics: directives },
        FunctionName: functionName,
        ...values,
        ...(code !== undefined && { Code: code, Rejections: 1 }),
      };
      write(`${JSON.stringify(line)}\n`);
    }
  };
}

type Values = { readonly [Name in MetricName]?: number };

/** What there is of each metric but the rejections, without those that are 0. */
function valuesOf(
  { connected = false, summary, part, startedAt, gap = false, failures = [] }: Measured,
  now: number,
): Values {
  const values: Values = {
    Connects: Number(connected),
    HistoryGaps: Number(gap),
    Failures: failures.length,
    ...(summary && messageOf(summary)),
    // What is handed out is counted where it is delivered, also if nobody waits for it any more.
    ...deliveriesOf(part ?? (summary?.isLarge ? undefined : summary)),
  };
  const counted = Object.entries(values).filter(([, value]) => value > 0);
  const time = summary && startedAt !== undefined && { FanOutTime: now - startedAt };
  return { ...Object.fromEntries(counted), ...time };
}

function messageOf({ outcomes, complete, pending }: DeliverySummary): Values {
  const size = Object.values(outcomes).reduce((sum, count) => sum + count, pending ?? 0);
  // Parts that are still pending have not failed; one that does not come is a failure of its own.
  return { DeliveriesIncomplete: Number(!complete && pending === undefined), FanOutSize: size };
}

function deliveriesOf(summary: DeliverySummary | undefined): Values {
  if (summary === undefined) {
    return {};
  }
  const { delivered, gone, throttled, failed } = summary.outcomes;
  return {
    Deliveries: delivered,
    DeliveriesGone: gone,
    DeliveriesThrottled: throttled,
    DeliveriesFailed: failed,
  };
}

function directive(dimensions: readonly string[], values: Values): object {
  const names = Object.keys(values) as MetricName[];
  return {
    Namespace: NAMESPACE,
    Dimensions: [dimensions],
    Metrics: names.map((name) => ({ Name: name, Unit: UNITS[name] })),
  };
}
