/** One DynamoDB table of a template. */
export interface TableDefinition {
  readonly logicalId: string;
  readonly tableName: string;
  /** The body of DynamoDB's CreateTable call that makes this table. */
  readonly createTable: Readonly<Record<string, unknown>>;
}
