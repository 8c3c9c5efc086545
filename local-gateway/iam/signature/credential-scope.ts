/** The parts of a credential: whose key it is, and what it is good for. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** Eight digits. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}
