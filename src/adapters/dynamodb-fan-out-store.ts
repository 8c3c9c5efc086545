import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { FanOutStore, Progress, SliceReport } from "../domain/fan-out/ports.ts";
import type { Clock } from "../domain/ports.ts";
import { endOf, inSeconds, lazyTable } from "./dynamodb/lazy-table.ts";

/** Tries of one call, the first included. A slot that is taken twice is lost, and every other call may be repeated. */
const ATTEMPTS = 2;
/** How often a slot is looked for: others may take theirs between the two writes that this takes. */
const SLOT_TRIES = 2;
/** How long the items are kept, in milliseconds: longer than any part of a delivery is repeated. */
const LIFETIME = 60 * 60_000;

/** No connection id begins with this sign. */
const PACE = { connectionId: "#pace", entry: "pace" };
const PROGRESS = "progress";
const SLICE = "slice#";

/**
 * What large deliveries need, on the table of the connections: one item for the pace, and for each delivery one for its
 * progress and one for each report.
 */
export class DynamoDbFanOutStore implements FanOutStore {
  readonly #table: ReturnType<typeof lazyTable>;
  readonly #clock: Clock;

  /** `config` is the SDK's own; what is absent, the SDK finds itself. `clock` is the wall clock. */
  constructor(tableName: string, config: DynamoDBClientConfig = {}, clock: Clock = Date.now) {
    this.#table = lazyTable(tableName, config, clock, ATTEMPTS);
    this.#clock = clock;
  }

  async takeSlot(
    { length, earliest, latest }: Parameters<FanOutStore["takeSlot"]>[0],
    deadline: number,
  ): Promise<number | undefined> {
    const table = await this.#table();
    const end = endOf(deadline);
    const take = async (freeAt: string, condition: string, values: Record<string, number>) => {
      const update = {
        Key: PACE,
        UpdateExpression: `SET freeAt = ${freeAt}, expiresAt = :expiresAt`,
        ConditionExpression: condition,
        ExpressionAttributeValues: { ...values, ":expiresAt": this.#expiresAt() },
        ReturnValues: "UPDATED_NEW",
      } as const;
      return (await table.update(update, end))?.item;
    };
    const next = { ":length": length, ":earliest": earliest, ":latest": latest };
    const first = { ":end": earliest + length, ":earliest": earliest };
    for (let tried = 0; tried < SLOT_TRIES; tried += 1) {
      const taken =
        (await take("freeAt + :length", "freeAt BETWEEN :earliest AND :latest", next)) ??
        (await take(":end", "attribute_not_exists(freeAt) OR freeAt < :earliest", first));
      if (taken !== undefined) {
        return Number(taken.freeAt) - length;
      }
    }
    return undefined;
  }

  async findProgress(key: string, deadline: number): Promise<Progress | undefined> {
    const item = await (await this.#table()).get(keyOf(key, PROGRESS), endOf(deadline));
    return item && { after: String(item.after), targets: Number(item.targets) };
  }

  async saveProgress(key: string, progress: Progress, deadline: number): Promise<void> {
    const Item = { ...keyOf(key, PROGRESS), ...progress, expiresAt: this.#expiresAt() };
    await (await this.#table()).put({ Item }, endOf(deadline));
  }

  async report(key: string, { after, outcomes }: SliceReport, deadline: number): Promise<void> {
    const Item = { ...keyOf(key, SLICE + after), outcomes, expiresAt: this.#expiresAt() };
    const put = { Item, ConditionExpression: "attribute_not_exists(connectionId)" };
    await (await this.#table()).put(put, endOf(deadline));
  }

  async findReports(key: string, deadline: number): Promise<readonly SliceReport[]> {
    const query = {
      KeyConditionExpression: "connectionId = :key AND begins_with(entry, :slice)",
      ExpressionAttributeValues: { ":key": keyOf(key, "").connectionId, ":slice": SLICE },
      ConsistentRead: true,
    };
    // One page has thousands of them: more than one invocation hands out.
    const { Items = [] } = await (await this.#table()).query(query, endOf(deadline));
    return Items.map(({ entry, outcomes }) => ({
      after: String(entry).slice(SLICE.length),
      outcomes: outcomes as SliceReport["outcomes"],
    }));
  }

  #expiresAt(): number {
    return inSeconds(this.#clock() + LIFETIME);
  }
}

function keyOf(delivery: string, entry: string) {
  return { connectionId: `#fanOut#${delivery}`, entry };
}
