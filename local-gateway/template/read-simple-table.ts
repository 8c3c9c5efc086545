import { PropertyReader } from "./property-reader.ts";
import { resourceName } from "./resource-name.ts";
import type { Scope } from "./scope.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { TemplateResource } from "./template-resource.ts";

const KEY_TYPES: Readonly<Record<string, string>> = { String: "S", Number: "N", Binary: "B" };

/**
 * Reads an `AWS::Serverless::SimpleTable`, whose one key is called id and is a text unless the template says otherwise.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
 */
export function readSimpleTable(scope: Scope, resource: TemplateResource): TableDefinition {
  const key: PropertyReader = PropertyReader.of(scope, resource).map("PrimaryKey");
  const AttributeName = key.text("Name") ?? "id";
  const AttributeType = KEY_TYPES[key.text("Type") ?? "String"];
  if (AttributeType === undefined) {
    key.fail("Type", "must be String, Number or Binary");
  }
  const tableName = resourceName(scope, resource);
  return {
    logicalId: resource.logicalId,
    tableName,
    place: scope.template.locate(["Resources", resource.logicalId], ""),
    createTable: {
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName, AttributeType }],
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  };
}
