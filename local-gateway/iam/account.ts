/** The AWS account that the gateway stands for, and the region it is in: what every ARN is made of. */
export interface Account {
  /** For example `aws`. */
  readonly partition: string;
  /** For example `us-east-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}
