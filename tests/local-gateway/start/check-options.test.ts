import { startLocalGateway } from "../../../local-gateway/index.ts";

test.each<[object, string]>([
  [{ idleTimeout: 0 }, "idleTimeout takes a number of seconds above 0 and up to 2147483, not 0."],
  [{ idleTimeout: Number.NaN }, "idleTimeout takes a number of seconds"],
  [{ connectionDuration: 1e9 }, "connectionDuration takes a number of seconds"],
  [{ connectionDuration: Number.POSITIVE_INFINITY }, "connectionDuration takes a number"],
  [{ maxEnvironments: 0 }, "maxEnvironments takes a whole number from 1 to 1000, not 0."],
  [{ maxEnvironments: 1.5 }, "maxEnvironments takes a whole number from 1 to 1000, not 1.5."],
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
  [{ template: undefined }, "template takes a text that is not empty, not undefined."],
  [{ template: 1n }, "template takes a text that is not empty, not 1n."],
  [{ port: "3300" }, 'port takes a whole number from 0 to 65535, not "3300".'],
  [{ host: null }, "host takes a text that is not empty, not null."],
  [{ quiet: "yes" }, 'quiet takes true or false, not "yes".'],
  [
    { idleTimeout: "1" },
    'idleTimeout takes a number of seconds above 0 and up to 2147483, not "1".',
  ],
  [{ allowHosts: "a" }, 'allowHosts takes a list of names without ports, not "a".'],
  [{ allowOrigins: [5] }, "allowOrigins takes origins such as http://localhost:5173, not 5."],
  [
    { parameterOverrides: { Stage: 1 } },
    "parameterOverrides takes an object with texts by the names of parameters, not { Stage: 1 }.",
  ],
  [{ faults: [] }, "faults takes an object with shares by the names of faults, not []."],
  [{ faults: { postgone: 1 } }, 'There is no fault "postgone": the faults are dropDisconnect, '],
  [{ onLine: "log" }, 'onLine takes a function, not "log".'],
  [
    { inspect: 0, maxEnvironments: 1 },
    "inspect and maxEnvironments exclude each other: a debugger has one environment.",
  ],
  [{ prot: 3300 }, "There is no option prot: the options are template, api, stage, host, port, "],
  [{ toString: 1 }, "There is no option toString: "],
])("startLocalGateway rejects %p with one sentence", async (option, sentence) => {
  const starting = startLocalGateway({ template: "template.yaml", ...option });
  await expect(starting).rejects.toMatchObject({
    name: "LocalGatewayError",
    code: "INVALID_OPTION",
    message: expect.stringContaining(sentence),
  });
});

test("startLocalGateway rejects what is not an object with options", async () => {
  const starting = startLocalGateway("template.yaml" as never);
  await expect(starting).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: 'startLocalGateway takes an object with options, not "template.yaml".',
  });
});

test("an option that is undefined counts as absent", async () => {
  const starting = startLocalGateway({
    template: "missing.yaml",
    port: undefined,
    watch: undefined,
  });
  await expect(starting).rejects.toThrow("missing.yaml");
});
