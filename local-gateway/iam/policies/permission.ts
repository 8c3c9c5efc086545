/** One thing that a request does: the action in IAM's words, and the ARN of what it is done to, or `*`. */
export interface Permission {
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
}
