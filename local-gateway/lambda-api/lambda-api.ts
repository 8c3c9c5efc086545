import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults } from "../faults/faults.ts";
import { readRequestBody, traceHeader } from "../http.ts";
import { LambdaAccess } from "../iam/lambda-access.ts";
import { type Account, localAccount, type Principals } from "../iam/principals.ts";
import type { Invocation, InvocationResult, LambdaFunction } from "../lambda/invocation.ts";
import type { Observation } from "../observation.ts";
import type { FunctionDefinition } from "../template/functions.ts";
import {
  answerOfResult,
  type LambdaAnswer,
  type LambdaRejection,
  rejectCall,
  sendLambdaAnswer,
} from "./answer.ts";
import { AsynchronousInvocations, type Wait } from "./asynchronous-invocations.ts";
import {
  type FunctionReference,
  type InvokeRequest,
  readFunctionReference,
  readInvokePath,
  readInvokeRequest,
} from "./request.ts";

/** Which functions can be invoked, and who may sign calls. */
interface LambdaApiOptions {
  readonly region: string;
  readonly principals: Principals;
  readonly functions: readonly FunctionDefinition[];
  /** The running function with this logical id. */
  readonly running: (functionId: string) => LambdaFunction;
  readonly report: (observation: Observation) => void;
  /** None when absent. */
  readonly faults?: Faults;
  /** How asynchronous invocations wait for their next attempt; on a timer when absent. */
  readonly wait?: Wait;
}

/** How an attempt to run a function ended, if there was one. Times are in milliseconds. */
interface AttemptEnd {
  readonly result?: InvocationResult;
  readonly duration?: number;
  /** The time until the next attempt. */
  readonly next?: number | undefined;
}

/**
 * The largest event that Lambda takes, in bytes: 6 MB. More is not even read.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_EVENT_BYTES = 6_291_456;

/** Every path of Lambda's API begins with the date of a version; no stage can have such a name. */
const PATHS = /^\/20\d\d-\d\d-\d\d\//;

/**
 * Lambda's own API for the functions of a template: the call Invoke, which waits for the result, does not wait, or only
 * asks whether it may be made.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class LambdaApi {
  readonly #options: LambdaApiOptions;
  readonly #acceptance: Acceptance;
  readonly #asynchronous: AsynchronousInvocations;

  constructor(options: LambdaApiOptions) {
    const { region, principals, functions, report, wait } = options;
    this.#options = options;
    this.#acceptance = {
      account: localAccount(region),
      access: new LambdaAccess({ region, principals }),
      functions,
    };
    const onError = (error: unknown) => report({ kind: "error", error });
    this.#asynchronous = new AsynchronousInvocations(onError, wait);
  }

  /** Whether a request with this target is for Lambda. */
  serves(url: string): boolean {
    return PATHS.test(url);
  }

  /** Answers a call; not at all when the caller goes away before all of it has arrived. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const read = await readRequestBody(request, MAX_EVENT_BYTES);
    if (read.kind === "aborted") {
      return;
    }
    const payload = read.kind === "complete" ? read.body : undefined;
    const accepted = this.#accept(request, payload, requestId);
    if (!accepted.ok) {
      const { status, problem } = accepted;
      this.#options.report({ kind: "invocation rejected", status, problem });
      sendLambdaAnswer(response, accepted, requestId);
    } else {
      sendLambdaAnswer(response, await this.#invoke(accepted), requestId);
    }
  }

  /** Ends the retries, and waits a bounded time for the invocations under way. Twice is no error. */
  async close(): Promise<void> {
    await this.#asynchronous.close();
  }

  #accept(
    request: IncomingMessage,
    payload: Buffer | undefined,
    requestId: string,
  ): ({ readonly ok: true } & AcceptedInvocation) | LambdaRejection {
    if (payload === undefined) {
      const message = `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`;
      return rejectCall("RequestEntityTooLargeException", message);
    }
    return acceptInvocation(this.#acceptance, request, payload, requestId);
  }

  async #invoke(accepted: AcceptedInvocation): Promise<LambdaAnswer> {
    if (accepted.invocationType === "DryRun") {
      this.#report(accepted, {});
      return { status: 204 };
    }
    if (accepted.invocationType === "Event") {
      this.#invokeLater(accepted);
      return { status: 202 };
    }
    const { attempt, onAttempt } = this.#run(accepted);
    const result = await attempt();
    onAttempt(result, undefined);
    return answerOfResult(result, accepted.version);
  }

  /** Lambda promises to run an event at least once, and loses some when too many wait. */
  #invokeLater(accepted: AcceptedInvocation): void {
    const { functionId } = accepted;
    const { functions, faults } = this.#options;
    const target = { subject: functionId };
    const fault = faults?.trigger(["dropInvocation", "duplicateEvent"], target);
    const runs = fault === "dropInvocation" ? 0 : fault === "duplicateEvent" ? 2 : 1;
    const invoked = functions.find(({ logicalId }) => logicalId === functionId);
    for (let run = 0; run < runs; run += 1) {
      const { attempt, onAttempt } = this.#run(accepted);
      this.#asynchronous.add(attempt, onAttempt, invoked?.eventInvokeConfig);
    }
  }

  #run(accepted: AcceptedInvocation) {
    const { functionId, event, invocation } = accepted;
    const lambda = this.#options.running(functionId);
    let startedAt = 0;
    return {
      attempt: async () => {
        startedAt = performance.now();
        return await lambda.invoke(event, invocation);
      },
      onAttempt: (result: InvocationResult, next: number | undefined) =>
        this.#report(accepted, { result, next, duration: performance.now() - startedAt }),
    };
  }

  #report(
    { functionId, invocationType, payload }: AcceptedInvocation,
    { result, next, duration }: AttemptEnd,
  ): void {
    const failure = result === undefined || result.outcome === "returned" ? undefined : result;
    this.#options.report({
      kind: "invocation",
      functionId,
      invocationType,
      size: payload.length,
      duration,
      ...(failure && { problem: `${failure.errorType}: ${failure.errorMessage}`, next }),
      body: payload.toString(),
    });
  }
}

/** What a call is checked with. */
interface Acceptance {
  readonly account: Account;
  readonly access: LambdaAccess;
  readonly functions: readonly FunctionDefinition[];
}

/** The head of a call. */
type Call = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders">;

/**
 * Checks a call of Lambda's API: first who makes it, because only a caller with the permission learns which functions there
 * are, then what it asks for.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
function acceptInvocation(
  { account, access, functions }: Acceptance,
  { method = "", url = "", headers, rawHeaders }: Call,
  payload: Buffer,
  requestId: string,
): ({ readonly ok: true } & AcceptedInvocation) | LambdaRejection {
  const path = readInvokePath(method, url);
  const reference = path && readFunctionReference(path, account);
  const arn = reference?.ok ? reference.arn : undefined;
  const decision = access.authorize({ method, url, rawHeaders, body: payload }, arn);
  if (!decision.ok) {
    return { status: 403, ...decision };
  }
  if (reference === undefined) {
    const message = "The local gateway knows one call of Lambda's API: Invoke";
    return rejectCall("UnknownOperationException", message);
  }
  if (!reference.ok) {
    return reference;
  }
  const chosen = findFunction(reference, functions, account);
  if (!chosen.ok) {
    return chosen;
  }
  const request = readInvokeRequest(headers, payload);
  if (!request.ok) {
    return request;
  }
  const { clientContext } = request;
  const context = {
    functionVersion: chosen.version,
    invokedFunctionArn: reference.arn,
    ...(clientContext && { clientContext }),
  };
  const calledIn = traceHeader(headers);
  const invocation = { requestId, context, ...(calledIn !== undefined && { calledIn }) };
  return { ...chosen, ...request, payload, invocation };
}

/** An Invoke call that may be made and can be carried out. */
interface AcceptedInvocation extends ChosenFunction, InvokeRequest {
  readonly invocation: Invocation;
  /** The payload as it was received, UTF-8. */
  readonly payload: Buffer;
}

/** A function of the template, as a call has chosen it. */
interface ChosenFunction {
  readonly functionId: string;
  /** `$LATEST`, or the one version that an alias of SAM's stands for. */
  readonly version: string;
}

/** The version behind an alias that SAM publishes: here there is only one. */
const PUBLISHED_VERSION = "1";

/** The function that a call refers to, or why there is none. */
function findFunction(
  { region, accountId, name, qualifier = "$LATEST", arn }: FunctionReference,
  functions: readonly FunctionDefinition[],
  account: Account,
): ({ readonly ok: true } & ChosenFunction) | LambdaRejection {
  if (region !== account.region) {
    const message = `Functions from '${region}' are not reachable in this region ('${account.region}')`;
    return rejectCall("ResourceNotFoundException", message);
  }
  const found = functions.find(
    ({ functionName, alias }) =>
      functionName === name &&
      accountId === account.accountId &&
      (qualifier === "$LATEST" ||
        (alias !== undefined && [alias, PUBLISHED_VERSION].includes(qualifier))),
  );
  if (found === undefined) {
    const names = functions.map(({ functionName }) => functionName).join(", ");
    const message = `Function not found: ${arn}`;
    const problem = `${message}; the template has ${names}`;
    return rejectCall("ResourceNotFoundException", message, { problem });
  }
  const version = qualifier === "$LATEST" ? qualifier : PUBLISHED_VERSION;
  return { ok: true, functionId: found.logicalId, version };
}
