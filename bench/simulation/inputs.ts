/**
 * What the model assumes of AWS and of the deployed function, with the source of each. These were fixed before any bound was
 * tried. Times are in milliseconds.
 */
export const DEPLOYED = {
  /** The function's memory in MB, and its timeout: template.yaml. */
  memory: 512,
  timeout: 26_000,
  /** What it keeps of its time for its result: src/app/event.ts. */
  returnTime: 500,
  /**
   * The memory in MB with which a function has one processor; with less, it has that share of one.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  memoryOfOneProcessor: 1769,

  /** Processor time of one delivery: measured, docs/performance.md. */
  post: 0.62,
  /** Processor time of one call of DynamoDB, and of one Invoke with the ids of a slice: measured, in proportion to a post. */
  databaseCall: 0.8,
  invoke: 1,

  /** The way to API Gateway, DynamoDB or Lambda and back: assumed, the first as in docs/performance.md. */
  postLatency: 6,
  databaseLatency: 5,
  invokeLatency: 15,
  /** From a message, and from an accepted asynchronous Invoke, to the handler: assumed. */
  messageStart: 10,
  jobStart: 100,
  /** What a new environment takes in addition, with the import of the bundle: assumed. */
  environmentStart: 300,

  /**
   * The account's requests a second, and how many at once.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
   */
  requestsPerSecond: 10_000,
  requestBurst: 5_000,
  /**
   * Environments at the same time, and how many are added in 10 s.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
   */
  environments: 1000,
  environmentsPer10Seconds: 1000,
  /**
   * When an event that found no environment is tried again for the first time; the time doubles.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
   */
  retry: 1000,

  /** Connections on a page of the index: src/adapters/dynamodb-connection-store.ts. Read units of a full one: docs/costs.md. */
  page: 501,
  readUnitsOfPage: 8,
  /** Bytes of the report of a slice: its attributes, counted. */
  reportBytes: 200,
  /**
   * Bytes that a read unit reads.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
   */
  readUnitBytes: 4096,
};

/** The inputs of the model, by their names. */
export type ModelInputs = Readonly<typeof DEPLOYED>;
