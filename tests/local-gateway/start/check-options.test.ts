import { type LocalGatewayOptions, startLocalGateway } from "../../../local-gateway/index.ts";

test.each<[Partial<LocalGatewayOptions>, string]>([
  [{ idleTimeout: 0 }, "idleTimeout takes a number of seconds above 0 and up to 2147483, not 0."],
  [{ idleTimeout: Number.NaN }, "idleTimeout takes a number of seconds"],
  [{ connectionDuration: 1e9 }, "connectionDuration takes a number of seconds"],
  [{ connectionDuration: Number.POSITIVE_INFINITY }, "connectionDuration takes a number"],
  [{ maxEnvironments: 0 }, "maxEnvironments takes a whole number above 0, not 0."],
  [{ maxEnvironments: 1.5 }, "maxEnvironments takes a whole number above 0, not 1.5."],
  [{ port: 99_999 }, "port takes a whole number from 0 to 65535, not 99999."],
  [{ dynamodbPort: -1 }, "dynamodbPort takes a whole number from 0 to 65535, not -1."],
  [{ host: "" }, 'host takes a text that is not empty, not "".'],
  [{ staticDirectory: "" }, 'staticDirectory takes a text that is not empty, not "".'],
  [{ allowHosts: ["a", "http://b"] }, 'allowHosts takes names without ports, not "http://b".'],
  [
    { allowOrigins: ["a.test"] },
    'allowOrigins takes origins such as http://localhost:5173, not "a.test".',
  ],
  [{ template: "" }, 'template takes a text that is not empty, not "".'],
])("startLocalGateway rejects %j with one sentence", async (option, sentence) => {
  const starting = startLocalGateway({ template: "template.yaml", ...option });
  await expect(starting).rejects.toThrow(sentence);
});
