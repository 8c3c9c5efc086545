import type { RunningGateway } from "../run-gateway.ts";

/** What the command line prints once connections are accepted. */
interface Introduction {
  /** Where clients connect, a line for each stage of each API. */
  readonly listening: readonly string[];
  /** What to try. */
  readonly hints: readonly string[];
}

/** Introduces a gateway that has just started. `template` is its path. */
export function introduce(
  gateway: Pick<RunningGateway, "apis" | "pageUrl" | "dynamodbUrl" | "region" | "tableNames">,
  template: string,
): Introduction {
  const { apis, pageUrl, dynamodbUrl, region, tableNames } = gateway;
  const credentials = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local";
  const stages = apis.flatMap(({ logicalId, stages }) =>
    stages.map((stage) => ({ logicalId, ...stage })),
  );
  return {
    listening: stages.map(({ logicalId, url }) =>
      apis.length > 1 ? `Listening on ${url} (${logicalId})` : `Listening on ${url}`,
    ),
    hints: [
      "",
      `  Template          ${template}`,
      ...(pageUrl === undefined ? [] : [`  Page              ${pageUrl}`]),
      ...stages.flatMap(({ url, managementUrl }) => [
        // A shell would read $default as a variable.
        `  Connect           npx wscat -c ${url.includes("$") ? `'${url}'` : url}`,
        `  Management API    ${managementUrl}/@connections`,
      ]),
      ...tableNames.map(
        (tableName) =>
          `  DynamoDB          ${credentials} aws dynamodb scan --table-name ${tableName}` +
          ` --endpoint-url ${dynamodbUrl} --region ${region}`,
      ),
      "",
    ],
  };
}
