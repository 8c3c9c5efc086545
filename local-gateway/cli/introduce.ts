import type { LocalGateway } from "../start-local-gateway.ts";

/** What the command line prints once connections are accepted: where, and what to try. `template` is a path. */
export function introduce(
  gateway: Pick<
    LocalGateway,
    "url" | "pageUrl" | "managementUrl" | "dynamodbUrl" | "region" | "tableNames"
  >,
  template: string,
): string[] {
  const { url, pageUrl, managementUrl, dynamodbUrl, region, tableNames } = gateway;
  const credentials = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local";
  return [
    `Listening on ${url}`,
    "",
    `  Template          ${template}`,
    ...(pageUrl === undefined ? [] : [`  Page              ${pageUrl}`]),
    // A shell would read $default as a variable.
    `  Connect           npx wscat -c ${url.includes("$") ? `'${url}'` : url}`,
    `  Management API    ${managementUrl}/@connections`,
    ...tableNames.map(
      (tableName) =>
        `  DynamoDB          ${credentials} aws dynamodb scan --table-name ${tableName}` +
        ` --endpoint-url ${dynamodbUrl} --region ${region}`,
    ),
    "",
  ];
}
