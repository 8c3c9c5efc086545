import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

const { TABLE } = process.env;
const table = DynamoDBDocumentClient.from(new DynamoDBClient());

const ROUTES = { $connect: connect, $disconnect: disconnect, bid };

export async function handler(event) {
  await ROUTES[event.requestContext.routeKey](event);
  return { statusCode: 200 };
}

async function connect({ requestContext: { connectionId } }) {
  await table.send(
    new PutCommand({ TableName: TABLE, Item: { kind: "connection", id: connectionId } }),
  );
}

async function disconnect({ requestContext: { connectionId } }) {
  await table.send(
    new DeleteCommand({ TableName: TABLE, Key: { kind: "connection", id: connectionId } }),
  );
}

async function bid({ body, requestContext }) {
  const { amount } = JSON.parse(body);
  const { connectionId } = requestContext;
  const api = new ApiGatewayManagementApiClient({
    endpoint: `https://${requestContext.domainName}/${requestContext.stage}`,
  });
  if (!Number.isSafeInteger(amount) || amount < 1) {
    await post(api, connectionId, { error: "The amount must be a whole number from 1." });
  } else if (await isHighest(amount)) {
    const ids = await connections();
    await Promise.all(
      ids.map((id) => post(api, id, { highest: amount, yours: id === connectionId })),
    );
  } else {
    await post(api, connectionId, { error: "Another bid is as high, or higher." });
  }
}

/** Stores the bid, unless there is one that is as high. Of two bids at the same time, the table lets one win. */
async function isHighest(amount) {
  try {
    await table.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: { kind: "bid", id: "highest" },
        UpdateExpression: "SET amount = :amount",
        ConditionExpression: "attribute_not_exists(amount) OR amount < :amount",
        ExpressionAttributeValues: { ":amount": amount },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}

async function connections() {
  const pages = paginateQuery(
    { client: table },
    {
      TableName: TABLE,
      ConsistentRead: true,
      KeyConditionExpression: "kind = :kind",
      ExpressionAttributeValues: { ":kind": "connection" },
    },
  );
  const ids = [];
  for await (const { Items } of pages) {
    ids.push(...Items.map(({ id }) => id));
  }
  return ids;
}

/** One post that fails must not keep the others from their news. */
async function post(api, connectionId, message) {
  try {
    await api.send(
      new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(message) }),
    );
  } catch (error) {
    if (!(error instanceof GoneException)) {
      console.error(error);
    }
  }
}
