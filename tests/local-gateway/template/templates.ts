import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readApplication } from "../../../local-gateway/template/application.ts";

/**
 * Reads a template from its text, as if it were the file `<folder>/template.yaml` next to the folder `src/app`. `api` is the
 * first API at its first stage.
 */
export async function readText(text: string, parameterOverrides: Record<string, string> = {}) {
  await using folder = await templateFolder();
  return await folder.read(text, parameterOverrides);
}

/** Makes such a folder, for one template after the other; disposing removes it. */
export async function templateFolder() {
  const folder = await mkdtemp(join(tmpdir(), "template-"));
  const file = join(folder, "template.yaml");
  await mkdir(join(folder, "src/app"), { recursive: true });
  return {
    read: async (
      text: string,
      parameterOverrides: Record<string, string> = {},
      chosen: { readonly api?: string; readonly stage?: string; readonly envVars?: string } = {},
    ) => {
      await writeFile(file, text);
      const options = { region: "eu-west-1", parameterOverrides, ...chosen };
      const application = await readApplication(file, options);
      return { ...application, api: application.apis[0].stages[0] };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

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

/** The value that an expression has as an environment variable of a function; undefined when it has none. */
export async function evaluate(
  expression: string,
  { sections = "", resources = "", overrides = {} } = {},
): Promise<string | undefined> {
  const properties = `      Environment:\n        Variables:\n          VALUE: ${expression}`;
  const text = smallTemplate({ sections, resources, properties });
  const { functions } = await readText(text, overrides);
  return functions.get("Fn")?.environment.VALUE;
}
