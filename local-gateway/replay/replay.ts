import { LocalGatewayError } from "../errors.ts";
import { isWrite } from "../invoke/describe.ts";
import {
  type IsolatedApplication,
  startIsolatedApplication,
} from "../invoke/isolated-application.ts";
import { signedPost } from "../invoke/signed-post.ts";
import type { InvocationResult } from "../lambda/invocation.ts";
import type { RecordedSession } from "../recording/read-recording.ts";
import type { Application } from "../template/application.ts";
import type { Entry } from "../timeline/entry.ts";
import { resultEntry } from "../timeline/function-entry.ts";
import { type EffectLines, type Effects, effectLines, type WriteEffect } from "./effects.ts";
import { Masks } from "./masks.ts";
import {
  operationOf,
  RecordedConnections,
  type RecordedEvent,
  recordedSteps,
} from "./recorded-steps.ts";
import { ReplayedPosts } from "./replayed-posts.ts";

/** An event that has run again. */
export interface ReplayedEvent {
  /** Counts from 1. */
  readonly number: number;
  /** For example `$connect of RelayFunction, connection <id 1>`. */
  readonly title: string;
  readonly recorded: EffectLines;
  /** Absent when the event was not run: `problem` says why. */
  readonly replayed?: EffectLines;
  readonly problem?: string;
}

/**
 * Runs the events of a recording on the functions of a template, one after the other, and yields what became of each. The
 * database begins empty and keeps what the functions write; posts go nowhere, and are answered as they were then.
 *
 * Throws as `startFunctions` does, and `REPLAY_FAILED` when a write of the recording that no function made is rejected.
 */
export async function* replay(
  application: Application,
  region: string,
  { header, entries }: RecordedSession,
): AsyncIterable<ReplayedEvent> {
  const masks = new Masks(Date.parse(header.startedAt));
  const connections = new RecordedConnections(entries);
  const invoked = new Set<Promise<InvocationResult>>();
  let posts: ReplayedPosts | undefined;
  let writes: WriteEffect[] = [];
  await using isolated = await startIsolatedApplication(application, {
    region,
    onManagementCall: (call) => posts?.answer(call),
    onDatabaseAnswer: ({ operation, body }, { status }) => {
      if (isWrite(operation)) {
        writes.push({ operation, status, body: JSON.stringify(body) });
      }
    },
    onRejected: () => {},
    onLogLine: () => {},
    invoked: (_functionId, lambda) => ({
      invoke: (event, invocation) => {
        const result = lambda.invoke(event, invocation);
        invoked.add(result);
        void result.then(() => invoked.delete(result));
        return result;
      },
    }),
  });
  for (const step of recordedSteps(entries)) {
    if (step.kind === "write") {
      await writeAgain(isolated, region, step);
      continue;
    }
    const { event } = step;
    const { entry } = event;
    const { number, text } = masks.begin(entry.text);
    const recorded = effectLines(recordedEffects(event), masks, "recorded");
    const about = { number, title: masks.mask(titleOf(entry), "recorded"), recorded };
    if (!application.functions.has(entry.functionId)) {
      yield { ...about, problem: `The template has no function ${entry.functionId}.` };
      continue;
    }
    posts = new ReplayedPosts(event, connections);
    writes = [];
    const result = await isolated.function(entry.functionId).invoke(JSON.parse(text));
    while (invoked.size > 0) {
      await Promise.all(invoked);
    }
    const effects = { answer: answerOf(resultEntry(result)), posts: posts.posts, writes };
    yield { ...about, replayed: effectLines(effects, masks, "replayed") };
  }
}

function titleOf({ functionId, routeKey, connectionId }: Entry): string {
  const what = `${routeKey ?? "an invocation"} of ${functionId}`;
  return connectionId === undefined ? what : `${what}, connection ${connectionId}`;
}

function recordedEffects({ result, posts, writes }: RecordedEvent): Effects {
  return {
    answer: result && answerOf(result),
    posts: posts.map(({ name = "", connectionId = "", status = 0, text = "" }) => {
      return { method: name, connectionId, status, body: text };
    }),
    writes: writes.map((entry) => {
      const { status = 0, text = "" } = entry;
      return { operation: operationOf(entry), status, body: text };
    }),
  };
}

/** A result as it is compared: an error without its stack, in which every edit of the code changes lines. */
function answerOf({ text = "", note, problem }: Pick<Entry, "text" | "note" | "problem">): string {
  return note === undefined ? text : JSON.stringify({ errorType: note, errorMessage: problem });
}

/** Makes a write that was not a function's: of a developer or of a script, as far as anybody knows. */
async function writeAgain(
  { dynamodbUrl: url }: IsolatedApplication,
  region: string,
  { operation, body }: { readonly operation: string; readonly body: string },
): Promise<void> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
  };
  const answer = await signedPost({ url, service: "dynamodb", region, headers, body });
  if (!answer.ok) {
    const { message } = (await answer.json()) as { readonly message?: string };
    const sentence = `A write of the recording, ${operation}, is rejected now: ${message ?? answer.status}`;
    throw new LocalGatewayError("REPLAY_FAILED", sentence);
  }
}
