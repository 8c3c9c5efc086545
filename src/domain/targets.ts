import type { Group, Target } from "../../protocol/frames.ts";
import { isLive } from "./connection.ts";
import {
  type Delivery,
  type DeliveryOptions,
  type DeliveryOutcome,
  type DeliveryPorts,
  forEachConcurrently,
} from "./delivery.ts";
import { type DeliverySummary, noOutcomes } from "./receipt.ts";

/** Options of reading targets. */
interface TargetOptions extends DeliveryOptions {
  /** A connection that is left out of a group. */
  readonly except?: string | undefined;
  /** Whether those count, too, whose registration has ended: their sockets may be open all the same. */
  readonly ended?: boolean;
}

/**
 * Delivers `text` to the group's connections before the deadline. Never throws: the summary is incomplete when some were not
 * found or tried in time.
 */
export async function deliverToGroup(
  parts: DeliveryPorts & { readonly delivery: Delivery },
  text: string,
  group: Group,
  options: TargetOptions,
): Promise<DeliverySummary> {
  return await summarize(parts, group, options, (targets, onOutcome) =>
    parts.delivery.deliverToAll(targets, text, options, onOutcome),
  );
}

/**
 * Does something with each connection of a target, with many at the same time, and counts what became of it. What `act`
 * resolves with undefined is not counted.
 */
export async function actOnTargets(
  parts: DeliveryPorts,
  to: Target,
  options: TargetOptions,
  act: (connectionId: string) => Promise<DeliveryOutcome | undefined>,
): Promise<DeliverySummary> {
  return await summarize(parts, to, options, (targets, onOutcome) =>
    forEachConcurrently(targets, async (connectionId) => {
      const outcome = await act(connectionId);
      if (outcome !== undefined) {
        onOutcome(outcome);
      }
    }),
  );
}

async function summarize(
  parts: DeliveryPorts,
  to: Target,
  options: TargetOptions,
  act: (
    targets: AsyncGenerator<string>,
    onOutcome: (outcome: DeliveryOutcome) => void,
  ) => Promise<void>,
): Promise<DeliverySummary> {
  const outcomes = noOutcomes();
  let complete = true;
  const onMissing = () => {
    complete = false;
  };
  await act(readTargets(parts, to, options, onMissing), (outcome) => {
    outcomes[outcome] += 1;
  });
  return { outcomes, complete };
}

/**
 * The ids of a target's connections: the one that it names, or those of a group as long as there is time. The next page is
 * read while the last one is used, so that a large group takes no more memory than a small one. Never throws: `onMissing` is
 * called when some remain unread, because the time is over or the store failed.
 */
async function* readTargets(
  { store, clock }: DeliveryPorts,
  to: Target,
  { deadline, onFailure, except, ended = false }: TargetOptions,
  onMissing: () => void,
): AsyncGenerator<string> {
  if ("connection" in to) {
    yield to.connection;
    return;
  }
  try {
    for await (const page of readAhead(store.findAll(to, deadline))) {
      for (const connection of page) {
        const { connectionId } = connection;
        if (clock() >= deadline) {
          return onMissing();
        }
        if (connectionId !== except && (ended || isLive(connection, clock()))) {
          yield connectionId;
        }
      }
    }
  } catch (failure) {
    onFailure(failure);
    onMissing();
  }
}

/** The items of `source`, each of which is asked for as soon as the one before is handed out. */
async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  for (;;) {
    const { done, value } = await next;
    if (done === true) {
      return;
    }
    next = items.next();
    // A failure is thrown when its turn comes. When the reader stops before, it must not count as unhandled.
    next.catch(() => undefined);
    yield value;
  }
}
