import { readText, smallTemplate } from "./templates.ts";

const OTHER = `
  Other:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: a.b, FunctionName: other }`;

/** What never invokes the functions of a template: the function, the source, and where it is in the template. */
async function sourcesOf(parts: Parameters<typeof smallTemplate>[0]) {
  const { eventSources } = await readText(smallTemplate(parts));
  return eventSources.map(({ functionId, source, place }) => [
    functionId,
    source,
    place.replace(/^.*template\.yaml/, ""),
  ]);
}

test("each event of a function is a source that is not here, with its place", async () => {
  const properties = `      Events:
        Orders: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn } }
        Changes: { Type: DynamoDB }
        Nightly: { Type: Schedule }
        Page: { Type: HttpApi }`;
  expect(await sourcesOf({ properties, resources: "  Work: { Type: AWS::SQS::Queue }" })).toEqual([
    ["Fn", "SQS", ":16: Fn, Properties.Events.Orders"],
    ["Fn", "DynamoDB", ":17: Fn, Properties.Events.Changes"],
    ["Fn", "Schedule", ":18: Fn, Properties.Events.Nightly"],
  ]);
});

test.each([
  [
    "an event source mapping",
    `  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Other, EventSourceArn: !GetAtt Work.Arn }
  Work: { Type: AWS::SQS::Queue }`,
    "Work (AWS::SQS::Queue)",
  ],
  [
    "an event source mapping of another stack's queue, of a function by its name",
    `  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: other, EventSourceArn: !ImportValue queue }`,
    "AWS::Lambda::EventSourceMapping",
  ],
  [
    "a permission of another service",
    `  Source:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt Other.Arn
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Nightly.Arn
  Nightly: { Type: AWS::Events::Rule }`,
    "Nightly (AWS::Events::Rule)",
  ],
  [
    "a permission of another service for all of its resources",
    `  Source:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Sub "arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${Other}"
      Principal: s3.amazonaws.com`,
    "s3.amazonaws.com",
  ],
  [
    "a schedule",
    `  Source:
    Type: AWS::Scheduler::Schedule
    Properties: { Target: { Arn: !GetAtt Other.Arn } }`,
    "AWS::Scheduler::Schedule",
  ],
])("%s is a source that is not here", async (_what, resources, source) => {
  const [found, ...more] = await sourcesOf({ resources: `${OTHER}\n${resources}` });
  expect(found).toEqual(["Other", source, expect.stringMatching(/^:\d+: Source$/)]);
  expect(more).toEqual([]);
});

test("API Gateway, an account, and what is about no function that runs here are no such sources", async () => {
  const resources = `${OTHER}
  Left: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, CodeUri: s3://a/b, Events: { A: { Type: SQS } } } }
  One: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Other, Principal: apigateway.amazonaws.com } }
  Two: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Other, Principal: "123456789012" } }
  Three: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: elsewhere } }
  Four: { Type: AWS::Lambda::EventSourceMapping, Condition: Never, Properties: { FunctionName: !Ref Other } }`;
  const sections = "Conditions: { Never: !Equals [a, b] }";
  expect(await sourcesOf({ resources, sections })).toEqual([]);
});

test("HTTP and REST APIs are one warning, those that SAM generates too", async () => {
  const { warnings } = await readText(
    smallTemplate({
      properties: `      Events:
        Page: { Type: HttpApi }
        Other: { Type: Api }
        Named: { Type: HttpApi, Properties: { ApiId: !Ref Named } }`,
      resources: `
  Named: { Type: AWS::Serverless::HttpApi }
  Plain: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Rest: { Type: AWS::ApiGateway::RestApi }`,
    }),
  );
  expect(warnings).toEqual([
    expect.stringMatching(
      /template\.yaml:21: Plain: only WebSocket APIs run here, and HTTP and REST APIs are left alone: Plain, Named, Rest, ServerlessHttpApi, ServerlessRestApi$/,
    ),
  ]);
});

test("a WebSocket API alone is no warning", async () => {
  expect((await readText(smallTemplate())).warnings).toEqual([]);
});
