/**
 * What the function needs to know of its surroundings. Its region, its credentials and DynamoDB's endpoint the AWS SDK
 * finds in the environment by itself.
 */
export interface Config {
  readonly connectionsTable: string;
  /** The management API's URL, with the stage. */
  readonly managementEndpoint: string;
}
