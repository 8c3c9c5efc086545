import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  ScanCommand,
} from "@aws-sdk/lib-dynamodb";

const TableName = process.env.TABLE;
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Sends each message to everybody who is connected, its sender too. */
export async function handler({ requestContext, body }) {
  const { routeKey, connectionId, domainName, stage } = requestContext;
  switch (routeKey) {
    case "$connect":
      await database.send(new PutCommand({ TableName, Item: { connectionId } }));
      break;
    case "$disconnect":
      await forget(connectionId);
      break;
    default: {
      const endpoint = `https://${domainName}/${stage}`;
      await sendToAll(new ApiGatewayManagementApiClient({ endpoint }), body);
    }
  }
  return { statusCode: 200 };
}

async function sendToAll(connections, text) {
  const { Items } = await database.send(new ScanCommand({ TableName }));
  await Promise.all(
    Items.map(async ({ connectionId }) => {
      try {
        await connections.send(
          new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }),
        );
      } catch (error) {
        // Its $disconnect may still come, or never.
        if (!(error instanceof GoneException)) {
          throw error;
        }
        await forget(connectionId);
      }
    }),
  );
}

async function forget(connectionId) {
  await database.send(new DeleteCommand({ TableName, Key: { connectionId } }));
}
