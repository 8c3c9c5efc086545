import {
  App,
  aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  RemovalPolicy,
  Stack,
} from "aws-cdk-lib";
import { WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";

const app = new App({ outdir: "cdk.out" });
const stack = new Stack(app, "Broadcast");

const table = new dynamodb.Table(stack, "Connections", {
  partitionKey: { name: "connectionId", type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});
const broadcast = new lambda.Function(stack, "Function", {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: "broadcast.handler",
  code: lambda.Code.fromAsset("src"),
  environment: { TABLE: table.tableName },
});

const integration = new WebSocketLambdaIntegration("Integration", broadcast);
const api = new WebSocketApi(stack, "Api", {
  connectRouteOptions: { integration },
  disconnectRouteOptions: { integration },
  defaultRouteOptions: { integration },
});
new WebSocketStage(stack, "Stage", { webSocketApi: api, stageName: "live", autoDeploy: true });

table.grantReadWriteData(broadcast);
api.grantManageConnections(broadcast);

app.synth();
