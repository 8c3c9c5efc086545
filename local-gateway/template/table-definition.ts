/** One DynamoDB table of a template. */
export interface TableDefinition {
  readonly logicalId: string;
  readonly tableName: string;
  /** The file, the line and the logical id, to begin an error about it with. */
  readonly place: string;
  /** The body of DynamoDB's CreateTable call that makes this table. */
  readonly createTable: Readonly<Record<string, unknown>>;
  /** The attribute with the time at which an item expires; absent when items do not expire. */
  readonly timeToLive?: string;
}
