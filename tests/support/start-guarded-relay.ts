import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { type LocalGatewayOptions, startLocalGateway } from "../../local-gateway/index.ts";
import { AUDIENCE, startTokenIssuer } from "./start-token-issuer.ts";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * The relay as `npm start` runs it, and the issuer whose tokens it asks for: the claim `email` names the user, the
 * claim `channels` lists the channels, and pages of https://app.example may connect. `lines` has what was reported.
 */
export async function startGuardedRelay(options: Partial<LocalGatewayOptions> = {}) {
  const issuer = await startTokenIssuer();
  const lines: string[] = [];
  const gateway = await startLocalGateway({
    template: "template.yaml",
    parameterOverrides: {
      JwtIssuer: issuer.url,
      JwtAudience: AUDIENCE,
      JwtJwksUri: `${issuer.url}/keys`,
      JwtUserClaim: "email",
      JwtChannelsClaim: "channels",
      AllowedOrigins: "https://other.example, https://app.example",
    },
    onLine: (line) => lines.push(line),
    ...options,
  });
  const { url, region, dynamodbUrl: endpoint } = gateway;
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  const [TableName] = gateway.tableNames;
  return {
    url,
    issuer,
    lines,
    /** A token of Alice's that is valid, but for what `claims` change. */
    issue: (claims: object = {}) =>
      issuer.issue({ email: "alice@example.com", channels: ["lobby", "news"], ...claims }),
    /** The registrations in the table. */
    async registered(): Promise<readonly Record<string, unknown>[]> {
      const { Items = [] } = await table.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.filter(({ entry }) => entry === "registration");
    },
    /** The channels of the memberships in the table. */
    async joined(): Promise<readonly unknown[]> {
      const { Items = [] } = await table.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.flatMap(({ joinedChannel = [] }) => joinedChannel);
    },
    /** Deletes the registration of a connection that lives on. */
    async lose(connectionId: string): Promise<void> {
      const Key = { connectionId, entry: "registration" };
      await table.send(new DeleteCommand({ TableName, Key }));
    },
    /** Ends the relay. Afterwards all that its functions have printed is in `lines`. */
    close: () => gateway.close(),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await issuer[Symbol.asyncDispose]();
    },
  };
}
