import { env } from "node:process";
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient();
// biome-ignore lint/style/noProcessEnv: a Lambda function has its configuration there.
const TableName = env.PROBE_TABLE;

/** Keeps a JSON value under an id, in place of an older one. */
export async function writeNote(id, value) {
  const Item = { id: { S: id }, value: { S: JSON.stringify(value) } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
}

/** The value or the number kept under an id; undefined when there is none. */
export async function readNote(id) {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }),
  );
  return Item?.count ? Number(Item.count.N) : Item && JSON.parse(Item.value.S);
}

/** Adds one to the number kept under an id. */
export async function countNote(id) {
  const { Attributes } = await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: id } },
      UpdateExpression: "ADD #count :one",
      ExpressionAttributeNames: { "#count": "count" },
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    }),
  );
  return Number(Attributes.count.N);
}
