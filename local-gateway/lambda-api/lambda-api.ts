import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Observation } from "../api-gateway/observation.ts";
import { requestBody } from "../api-gateway/request-body.ts";
import { LambdaAccess } from "../iam/lambda-access.ts";
import { localAccount } from "../iam/local-account.ts";
import type { Principals } from "../iam/principals.ts";
import type { InvocationResult } from "../lambda/invocation-result.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { FunctionDefinition } from "../template/function-definition.ts";
import { type Acceptance, acceptInvocation } from "./accept-invocation.ts";
import type { AcceptedInvocation } from "./accepted-invocation.ts";
import { answerOfResult } from "./answer-of-result.ts";
import { AsynchronousInvocations, type Wait } from "./asynchronous-invocations.ts";
import type { LambdaAnswer } from "./lambda-answer.ts";
import { type LambdaRefusal, refuseCall } from "./lambda-refusal.ts";
import { sendLambdaAnswer } from "./send-lambda-answer.ts";

/** Which functions can be invoked, and by whom. */
export interface LambdaApiOptions {
  readonly region: string;
  readonly principals: Principals;
  readonly functions: readonly FunctionDefinition[];
  /** The running function with this logical id. */
  readonly running: (functionId: string) => LambdaFunction;
  readonly report: (observation: Observation) => void;
  /** How events that nobody waits for wait for their next attempt; on a timer when absent. */
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

/** Every path of Lambda's API begins with the date of a version; no stage can be called that. */
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

  /** True when a request with this target is for Lambda. */
  serves(url: string): boolean {
    return PATHS.test(url);
  }

  /** Answers a call. Throws when the caller breaks off before all of it has arrived. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const payload = await requestBody(request, MAX_EVENT_BYTES);
    const accepted = this.#accept(request, payload, requestId);
    if ("errorType" in accepted) {
      const { status, problem } = accepted;
      this.#options.report({ kind: "invocation refused", status, problem });
      sendLambdaAnswer(response, accepted, requestId);
    } else {
      sendLambdaAnswer(response, await this.#invoke(accepted), requestId);
    }
  }

  /** Tries no event again, and waits a bounded time for those that run. Twice is no error. */
  async close(): Promise<void> {
    await this.#asynchronous.close();
  }

  #accept(
    request: IncomingMessage,
    payload: Buffer | "too large",
    requestId: string,
  ): AcceptedInvocation | LambdaRefusal {
    if (payload === "too large") {
      const message = `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`;
      return refuseCall("RequestEntityTooLargeException", message);
    }
    return acceptInvocation(this.#acceptance, request, payload, requestId);
  }

  async #invoke(accepted: AcceptedInvocation): Promise<LambdaAnswer> {
    if (accepted.invocationType === "DryRun") {
      this.#report(accepted, {});
      return { status: 204 };
    }
    const { functionId, event, invocation, version } = accepted;
    const lambda = this.#options.running(functionId);
    let startedAt = 0;
    const attempt = async () => {
      startedAt = performance.now();
      return await lambda.invoke(event, invocation);
    };
    const onAttempt = (result: InvocationResult, next: number | undefined) =>
      this.#report(accepted, { result, next, duration: performance.now() - startedAt });
    if (accepted.invocationType === "Event") {
      this.#asynchronous.add(attempt, onAttempt);
      return { status: 202 };
    }
    const result = await attempt();
    onAttempt(result, undefined);
    return answerOfResult(result, version);
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
