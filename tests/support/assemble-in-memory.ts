import type { Context } from "aws-lambda";
import type { Config } from "../../src/app/config.ts";
import { createContainer, createRoutes, TOKENS } from "../../src/app/container.ts";
import { createHandler } from "../../src/app/create-handler.ts";
import type { Log } from "../../src/app/log.ts";
import { createMeasure } from "../../src/app/metrics.ts";
import { FAN_OUT_SIZES, type FanOutSizes } from "../../src/domain/fan-out/large-fan-out.ts";
import type { MessageSender, Wait } from "../../src/domain/ports.ts";
import { InMemoryConnectionStore } from "./in-memory-connection-store.ts";
import { InMemoryFanOutStore } from "./in-memory-fan-out-store.ts";
import { InMemoryJobQueue } from "./in-memory-job-queue.ts";
import { InMemoryMessageHistory } from "./in-memory-message-history.ts";
import { InMemoryTokenVerifier } from "./in-memory-token-verifier.ts";
import { RecordingMessageSender } from "./recording-message-sender.ts";

const NOWHERE: Config = {
  connectionsTable: "none",
  managementEndpoint: "http://127.0.0.1:1/dev",
  allowedOrigins: [],
  jwt: undefined,
  rawForward: true,
  presenceWatchers: 0,
  messagesPerMinute: 0,
  functionName: "relay",
  fanOutPerSecond: 2000,
  groupMessageBytes: 131_072,
  history: undefined,
  metrics: false,
};

/** The function's own timeout, in milliseconds, of which nothing has passed yet. */
const TIMEOUT = 26_000;

/** The whole function with its ports in memory: what it is given, what it stored, sent, logged and measured. */
export function assembleInMemory<Sender extends MessageSender = RecordingMessageSender>({
  clock = () => Date.now(),
  wait = async () => {},
  config = {},
  fanOutSizes = FAN_OUT_SIZES,
  store = new InMemoryConnectionStore(),
  history = new InMemoryMessageHistory(),
  sender = new RecordingMessageSender() as MessageSender as Sender,
}: {
  readonly clock?: () => number;
  readonly wait?: Wait;
  readonly config?: Partial<Config>;
  readonly fanOutSizes?: FanOutSizes;
  readonly store?: InMemoryConnectionStore;
  readonly history?: InMemoryMessageHistory;
  readonly sender?: Sender;
} = {}) {
  const tokens = new InMemoryTokenVerifier();
  const logged: { level: string; event: string; details: object }[] = [];
  const container = createContainer({ ...NOWHERE, ...config });
  if (config.history !== undefined) {
    container.registerInstance(TOKENS.MESSAGE_HISTORY, history);
  }
  container.registerInstance(TOKENS.CONNECTION_STORE, store);
  container.registerInstance(TOKENS.MESSAGE_SENDER, sender);
  container.registerInstance(TOKENS.TOKEN_VERIFIER, tokens);
  const jobs = new InMemoryJobQueue();
  container.registerInstance(TOKENS.JOB_QUEUE, jobs);
  container.registerInstance(TOKENS.FAN_OUT_STORE, new InMemoryFanOutStore());
  container.registerInstance(TOKENS.FAN_OUT_SIZES, fanOutSizes);
  container.registerInstance(TOKENS.CLOCK, clock);
  container.registerInstance(TOKENS.WAIT, wait);
  const log: Log = (level, event, details) => logged.push({ level, event, details });
  const written: string[] = [];
  const measure = createMeasure("local-RelayFunction", (line) => written.push(line));
  const handler = createHandler(createRoutes(container, log, measure), log, measure);
  const invoke = (event: unknown, timeLeft = TIMEOUT) =>
    // Lambda hands over whatever JSON it was invoked with, and of the context the function reads no more than this.
    handler(
      event as Parameters<typeof handler>[0],
      {
        awsRequestId: "6b02c2e0-0123-4567-89ab-cdef01234567",
        getRemainingTimeInMillis: () => timeLeft,
      } as Context,
    );
  jobs.run = (job) => invoke({ fanOut: job });
  return { store, sender, tokens, logged, jobs, written, invoke };
}
