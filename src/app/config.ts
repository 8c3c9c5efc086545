/** What the function needs to know of its surroundings. */
export interface Config {
  readonly region: string;
  readonly connectionsTable: string;
  /** The management API's URL, with the stage. */
  readonly managementEndpoint: string;
  readonly dynamoDbEndpoint: string;
}
