import { dirname } from "node:path";
import { startLocalGateway } from "../../../local-gateway/index.ts";
import { run } from "../invoke/run.ts";
import { writeApplication } from "./write-application.ts";

const TEMPLATE = `Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes: { $connect: { FunctionArn: !GetAtt Orders.Arn } }
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: fn
      Handler: index.handler
      Runtime: nodejs24.x
      Events: { Work: { Type: SQS } }
`;

test("a line says what never invokes a function here, and its command line does", async () => {
  await using application = await writeApplication({
    "template.yaml": TEMPLATE,
    "fn/index.mjs": "export const handler = async ({ Records }) => Records.length;",
    "EVENT.json": '{ "Records": [{}, {}] }',
  });
  const { template } = application;
  const lines: string[] = [];
  const gateway = await startLocalGateway({ template, onLine: (line) => lines.push(line) });
  try {
    const [line = "", ...more] = lines.filter((text) => text.includes("Work"));
    expect(more).toEqual([]);
    const [what, command = ""] = line.trim().split("; do it by hand: npm run invoke -- ");
    expect(what).toBe(
      `template    ${template}:13: Orders, Properties.Events.Work: SQS never invokes Orders here`,
    );
    const { out } = await run("invoke-cli.ts", command.split(" "), { cwd: dirname(template) });
    expect(out).toBe("2\n");
  } finally {
    await gateway.close();
  }
});
