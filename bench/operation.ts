/** Something that the function can be asked to do, and the calls that it may make for it. */
export interface Operation {
  readonly what: string;
  readonly event: object;
  /** The operations of DynamoDB, sorted by name. */
  readonly database: readonly string[];
  /** How many posts to connections. */
  readonly posts: number;
}
