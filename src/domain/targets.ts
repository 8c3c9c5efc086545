import type { Group, Target } from "../../protocol/frames.ts";
import { isLive } from "./connection.ts";
import {
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
 * Does something with each connection of a target, with many at the same time, and counts what became of it. What `act`
 * resolves with undefined is not counted.
 */
export async function actOnTargets(
  parts: DeliveryPorts,
  to: Target,
  options: TargetOptions,
  act: (connectionId: string) => Promise<DeliveryOutcome | undefined>,
): Promise<DeliverySummary> {
  const outcomes = noOutcomes();
  let complete = true;
  const onMissing = () => {
    complete = false;
  };
  const targets = readTargets(parts, to, options, onMissing);
  await forEachConcurrently(targets, async (connectionId) => {
    const outcome = await act(connectionId);
    if (outcome !== undefined) {
      outcomes[outcome] += 1;
    }
  });
  return { outcomes, complete };
}

/** Some connections; not complete if there are others that could not be read. */
export interface Connections {
  readonly ids: readonly string[];
  readonly complete: boolean;
}

/** The connections of a group, as long as there is time; undefined if there are more than `most`. Never throws. */
export async function readGroup(
  parts: DeliveryPorts,
  to: Group,
  most: number,
  options: TargetOptions,
): Promise<Connections | undefined> {
  const ids: string[] = [];
  let complete = true;
  const onMissing = () => {
    complete = false;
  };
  for await (const id of readTargets(parts, to, options, onMissing)) {
    ids.push(id);
    if (ids.length > most) {
      return undefined;
    }
  }
  return { ids, complete };
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
export async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
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
