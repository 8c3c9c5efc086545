// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation, not of JavaScript.
import { readText, smallTemplate } from "./templates.ts";

const PARAMETERS = "Parameters: { Name: { Type: String, Default: ws.example.com } }\n";

/** SAM's API with a domain, or with the resources that SAM makes of one. */
const TEMPLATES: Readonly<Record<string, (basePath?: string) => string>> = {
  SAM: (basePath) =>
    smallTemplate({ sections: PARAMETERS }).replace(
      "    Properties:\n",
      `    Properties:
      Domain: { DomainName: !Ref Name, CertificateArn: !Ref Certificate${basePath ? `, BasePath: ${basePath}` : ""} }\n`,
    ),
  CloudFormation: (basePath) =>
    smallTemplate({
      sections: PARAMETERS,
      resources: `
  Domain: { Type: AWS::ApiGatewayV2::DomainName, Properties: { DomainName: !Ref Name } }
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: { ApiId: !Ref Api, DomainName: !Ref Domain, Stage: !Ref ApiDefaultStage${basePath ? `, ApiMappingKey: ${basePath}` : ""} }
`,
    }),
};

const read = (text: string, expression: string) =>
  readText(
    text.replace(
      "      Handler: index.handler\n",
      `      Handler: index.handler\n      Environment: { Variables: { VALUE: ${expression} } }\n`,
    ),
  );

const API = "[a-z0-9]{10}\\.execute-api\\.eu-west-1\\.amazonaws\\.com";

test.each([
  ["SAM", "!Sub 'wss://${Name}'", undefined, `^wss://${API}/default$`],
  ["SAM", "!Sub 'https://${Name}:443/x?y=z'", undefined, `^https://${API}/default/x\\?y=z$`],
  ["SAM", "!Sub 'wss://${Name}/chat'", "chat", `^wss://${API}/default$`],
  ["SAM", "wss://WS.example.com/chat/", "/chat", `^wss://${API}/default/$`],
  ["SAM", "!Sub 'wss://${Name}/other'", "chat", "^wss://ws.example.com/other$"],
  ["SAM", "!Sub 'wss://${Name}/chats'", "chat", "^wss://ws.example.com/chats$"],
  ["SAM", "!Ref Name", undefined, "^ws.example.com$"],
  ["SAM", "https://example.com", undefined, "^https://example.com$"],
  ["CloudFormation", "!Sub 'wss://${Domain}'", undefined, `^wss://${API}/default$`],
  ["CloudFormation", "!Sub 'https://${Domain}/chat/x'", "chat", `^https://${API}/default/x$`],
])(
  "with a domain of %s, the variable %s below %s is %s",
  async (kind, expression, basePath, value) => {
    const { functions } = await read(TEMPLATES[kind]?.(basePath) ?? "", expression);
    expect(functions.get("Fn")?.environment.VALUE).toMatch(new RegExp(value));
  },
);

test.each([
  ["SAM", ":7: Api, Properties.Domain"],
  ["CloudFormation", ":21: Mapping, Properties.DomainName"],
])("a domain of %s is a warning", async (kind, place) => {
  const { warnings } = await readText(TEMPLATES[kind]?.() ?? "");
  expect(warnings).toEqual([
    expect.stringMatching(`template\\.yaml${place}: ws\\.example\\.com does not lead here: the `),
  ]);
});

test("a domain of an HTTP API is none of the WebSocket API", async () => {
  const text = TEMPLATES.CloudFormation?.().replace("ApiId: !Ref Api,", "ApiId: !Ref Web,") ?? "";
  const web = "  Web: { Type: AWS::Serverless::HttpApi }\n";
  const { functions, warnings } = await read(text + web, "!Sub 'wss://${Domain}'");
  expect(functions.get("Fn")?.environment.VALUE).toBe("wss://ws.example.com");
  expect(warnings).toEqual([expect.stringContaining("only WebSocket APIs run here")]);
});
