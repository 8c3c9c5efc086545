/** The function that a call of the API names. */
export interface FunctionReference {
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
  /** A version or an alias. */
  readonly qualifier: string | undefined;
  /** All of it as one ARN, with the qualifier if there is one. */
  readonly arn: string;
}
