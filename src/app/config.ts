/**
 * What the function needs to know of its surroundings. Its region, its credentials and DynamoDB's endpoint the AWS SDK
 * finds in the environment by itself.
 */
export interface Config {
  readonly connectionsTable: string;
  /** The management API's URL, with the stage. */
  readonly managementEndpoint: string;
  /** The origins of the web pages that may connect; every page may if there is none. */
  readonly allowedOrigins: readonly string[];
  /** How users prove who they are; undefined if they need not. */
  readonly jwt: JwtConfig | undefined;
  /** Whether clients may send bare data to a connection id, which says nothing of its sender. */
  readonly rawForward: boolean;
}

/** Which tokens are valid, and what they say of their users. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are, if not where issuers usually have them. */
  readonly jwksUri: string | undefined;
  readonly userClaim: string;
  readonly channelsClaim: string | undefined;
}
