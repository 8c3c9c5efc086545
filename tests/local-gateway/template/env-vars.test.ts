import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallTemplate, templateFolder } from "./templates.ts";

const TEMPLATE = smallTemplate({
  properties: `      FunctionName: answers
      Environment:
        Variables: { QUEUE: !Ref Work, COLOUR: red, SIZE: 1, LATE: !GetAZs "" }`,
  resources: `
  Work: { Type: AWS::SQS::Queue }
  Left: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, CodeUri: "s3://a/b" } }`,
});

const FUNCTION = { QUEUE: "http://localhost:9324/work", LATE: "a" };

/** The template has a function that does not run here. */
const LEFT_OUT = expect.stringContaining("Left is left out");

/** Reads the template with a file of this text. */
async function readWith(text: string) {
  await using folder = await templateFolder();
  const directory = await mkdtemp(join(tmpdir(), "env-vars-"));
  const file = join(directory, "env.json");
  await writeFile(file, text);
  try {
    return await folder.read(TEMPLATE, {}, { envVars: file });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const read = (content: object) => readWith(JSON.stringify(content));

test("what the file gives a function counts, and what it replaces is not resolved and not warned of", async () => {
  const { functions, warnings } = await read({ Fn: { ...FUNCTION, SIZE: 2, COLOUR: true } });
  expect(functions.get("Fn")?.environment).toEqual({ ...FUNCTION, SIZE: "2", COLOUR: "true" });
  expect(warnings).toEqual([LEFT_OUT]);
});

test("what is for a function, by its name too, counts before what is for all of them", async () => {
  const Parameters = { COLOUR: "blue", SIZE: "3" };
  const { functions } = await read({ Parameters, answers: { ...FUNCTION, SIZE: "4" } });
  expect(functions.get("Fn")?.environment).toEqual({ ...FUNCTION, COLOUR: "blue", SIZE: "4" });
});

test.each([
  [
    { Fn: { ...FUNCTION, QEUE: "a" } },
    / has QEUE, which the function does not declare: it is not set; did you mean QUEUE\?$/,
  ],
  [
    { Fn: FUNCTION, Parameters: { COLOR: "a" } },
    / has COLOR for every function, and no function declares it; did you mean COLOUR\?$/,
  ],
  [
    { Fn: FUNCTION, fn: {} },
    / has variables of fn, and there is no function fn; did you mean Fn\?$/,
  ],
])("%j has something that no function takes, and a warning names it", async (content, warning) => {
  const { functions, warnings } = await read(content);
  expect(functions.get("Fn")?.environment).toEqual({ ...FUNCTION, COLOUR: "red", SIZE: "1" });
  expect(warnings).toEqual([expect.stringMatching(warning), LEFT_OUT]);
});

test("variables of a function that does not run here are not warned of", async () => {
  expect((await read({ Fn: FUNCTION, Left: { A: "a" } })).warnings).toEqual([LEFT_OUT]);
});

test.each([
  ["[]", / must be a JSON object with variables by the names of functions\.$/],
  ["{", /^The file of environment variables .*env\.json is not JSON\.$/],
  ['{ "Fn": "a" }', /^Fn in .*env\.json must be an object with values by variable names\.$/],
  ['{ "Fn": { "A": ["a"] } }', /^Fn\.A in .*env\.json must be a text, a number, true or false\.$/],
])("a file with %s is an error", async (text, message) => {
  await expect(readWith(text)).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringMatching(message),
  });
});

test("a file that does not exist is an error", async () => {
  await using folder = await templateFolder();
  await expect(folder.read(TEMPLATE, {}, { envVars: "/none/env.json" })).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: "The file of environment variables /none/env.json cannot be read.",
  });
});
