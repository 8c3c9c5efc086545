import type { PendingWork } from "../deadline.ts";
import type { Faults } from "../faults/faults.ts";
import type { InvocationResult, LambdaFunction } from "../lambda/invocation.ts";
import type { Route } from "../template/web-socket-api.ts";

/** The function with this logical id. Throws when there is none, which a template that was read rules out. */
export type FindFunction = (functionId: string) => LambdaFunction;

/**
 * What became of a call to an integration. `problem` says in one sentence what went wrong, for the console only.
 *
 * - `none`: there is no such route, or it has no integration.
 * - `answered`: the function returned a proxy result, or the integration is MOCK.
 * - `malformed`: it returned something else.
 * - `failed`: it threw, crashed or took longer than its own timeout.
 * - `rejected`: Lambda did not run it.
 * - `timed out`: API Gateway stopped waiting; the function runs on.
 */
export type IntegrationOutcome =
  | { readonly kind: "none" }
  | { readonly kind: "answered"; readonly result: ProxyResult }
  | {
      readonly kind: "malformed" | "failed" | "rejected" | "timed out";
      readonly problem: string;
    };

/** What integrations are called with. */
interface IntegrationsOptions {
  readonly functions: FindFunction;
  readonly faults: Faults;
  /** Takes the repeated events that are under way. */
  readonly pending: PendingWork;
}

/** The integrations of one API. */
export class Integrations {
  readonly #options: IntegrationsOptions;

  constructor(options: IntegrationsOptions) {
    this.#options = options;
  }

  /**
   * Calls the integration of a route with an event of a connection. The fault `duplicateEvent` delivers the event once more
   * after its first outcome, which alone counts.
   */
  async call(
    route: Route | undefined,
    event: object,
    connectionId: string,
  ): Promise<IntegrationOutcome> {
    if (route?.mock !== undefined) {
      return { kind: "answered", result: { headers: [], ...route.mock } };
    }
    if (route?.functionId === undefined) {
      return { kind: "none" };
    }
    const { functions, faults, pending } = this.#options;
    const { routeKey, functionId, integrationTimeout } = route;
    const lambda = functions(functionId);
    const twice = faults.trigger(["duplicateEvent"], { subject: routeKey, connectionId });
    const outcome = await callIntegration(lambda, event, integrationTimeout);
    if (twice) {
      pending.add(callIntegration(lambda, event, integrationTimeout).then(() => {}));
    }
    return outcome;
  }
}

/**
 * Calls a Lambda proxy integration once; API Gateway never retries.
 *
 * @param timeout in milliseconds
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
async function callIntegration(
  lambda: LambdaFunction,
  event: object,
  timeout: number,
): Promise<IntegrationOutcome> {
  const invocation = await invokeWithin(timeout, lambda, event);
  if (invocation === "expired") {
    return {
      kind: "timed out",
      problem: `no answer within the integration timeout of ${timeout} ms; the function runs on`,
    };
  }
  if (invocation.outcome !== "returned") {
    const { outcome, errorType, errorMessage } = invocation;
    return { kind: outcome, problem: `${errorType}: ${errorMessage}` };
  }
  const read = readProxyResult(invocation.payload);
  return read.ok
    ? { kind: "answered", result: read.result }
    : { kind: "malformed", problem: `malformed proxy result: ${read.problem}` };
}

/**
 * Invokes a function once, and waits for it no longer than `timeout` milliseconds: then the result is `expired`, and the
 * function runs on.
 */
export async function invokeWithin(
  timeout: number,
  lambda: LambdaFunction,
  event: object,
): Promise<InvocationResult | "expired"> {
  const { promise: expired, resolve } = Promise.withResolvers<"expired">();
  // What a function still does must not keep a stopped gateway's process alive.
  const timer = setTimeout(resolve, timeout, "expired").unref();
  try {
    return await Promise.race([lambda.invoke(event), expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a function behind a proxy integration answers. */
export interface ProxyResult {
  /** 100 to 599. */
  readonly statusCode: number;
  readonly body?: string;
  /** Header values by name as the function spelled it; single ones are lists of one. */
  readonly headers: readonly (readonly [name: string, values: readonly string[]])[];
}

const KEYS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** A proxy result, or a sentence that says why the payload is not one. */
type ReadResult =
  | { readonly ok: true; readonly result: ProxyResult }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a function's payload as a proxy result. Any other member than the five that API Gateway knows, or one of a
 * wrong type, makes it malformed. Members that are null count as absent.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html
 */
function readProxyResult(payload: unknown): ReadResult {
  if (!isRecord(payload)) {
    return malformed("the result is not an object with a statusCode");
  }
  const unknown = Object.keys(payload).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    return malformed(`the result has the unknown member ${JSON.stringify(unknown)}`);
  }
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = payload;
  if (!isStatusCode(statusCode)) {
    return malformed("statusCode is not a whole number from 100 to 599");
  }
  if (!isAbsent(body) && typeof body !== "string") {
    return malformed("body is not a string");
  }
  if (!isAbsent(isBase64Encoded) && typeof isBase64Encoded !== "boolean") {
    return malformed("isBase64Encoded is neither true nor false");
  }
  const single = headerValues(headers, (value) => (isScalar(value) ? [String(value)] : undefined));
  if (!single) {
    return malformed("headers is not an object of strings");
  }
  const multi = headerValues(multiValueHeaders, (value) =>
    Array.isArray(value) && value.every(isScalar) ? value.map(String) : undefined,
  );
  if (!multi) {
    return malformed("multiValueHeaders is not an object of lists of strings");
  }
  const result = {
    statusCode,
    headers: [...single, ...multi],
    ...(typeof body === "string" && { body }),
  };
  return { ok: true, result };
}

function malformed(problem: string): ReadResult {
  return { ok: false, problem };
}

/** Undefined when it has another shape. */
function headerValues(
  headers: unknown,
  valuesOf: (value: unknown) => string[] | undefined,
): [string, string[]][] | undefined {
  if (isAbsent(headers)) {
    return [];
  }
  if (!isRecord(headers)) {
    return;
  }
  const result: [string, string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = isAbsent(value) ? [] : valuesOf(value);
    if (!values) {
      return;
    }
    result.push([name, values]);
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isStatusCode(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599;
}
