/** The role under which a function acts. */
export interface ExecutionRole {
  readonly name: string;
  /** The ARN of a role that is not of this template, which the function may therefore do everything under; else absent. */
  readonly foreignArn?: string;
}
