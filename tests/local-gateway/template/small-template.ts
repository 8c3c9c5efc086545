/** A template with one API, one route and one function; the parts add to it, with their own indentation. */
export function smallTemplate({ resources = "", sections = "", properties = "" } = {}): string {
  return `${sections}
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $connect:
          FunctionArn: !GetAtt Fn.Arn
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
${properties}
${resources}`;
}
