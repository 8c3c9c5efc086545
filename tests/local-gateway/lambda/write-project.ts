import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** Where each connection's messages go to Fn, which answers them. */
const API = `
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      StageName: dev
      Routes:
        $default:
          FunctionArn: !GetAtt Fn.Arn
          RouteResponseSelectionExpression: $default
  Answer:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiDefaultRoute, RouteResponseKey: $default }`;

const FUNCTIONS = {
  /** Built with esbuild from src/handler.ts. */
  typescript: `
    Properties:
      CodeUri: .
      Handler: handler.handler
      Runtime: nodejs24.x
      Timeout: 20
      Environment: { Variables: { NODE_OPTIONS: --enable-source-maps } }
    Metadata:
      BuildMethod: esbuild
      BuildProperties: { EntryPoints: [src/handler.ts], Format: esm, OutExtension: [.js=.mjs] }`,
  /** Runs from src/handler.js as it is. */
  javascript: `
    Properties: { CodeUri: src, Handler: handler.handler, Runtime: nodejs24.x, Timeout: 20 }`,
  /** Runs from src/handler.py as it is. */
  python: `
    Properties: { CodeUri: src, Handler: handler.handler, Runtime: python3.13, Timeout: 20 }`,
};

/** The name of a kind of function. */
export type ProjectKind = keyof typeof FUNCTIONS;

/** Writes a project of one function Fn into a folder of its own; disposing removes it. */
export async function writeProject(kind: ProjectKind, files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  /** Saves a file atomically, as many editors do: no reader finds half of it. */
  const write = async (name: string, content: string) => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    const unsaved = join(dirname(file), `.${basename(file)}`);
    await writeFile(unsaved, content);
    await rename(unsaved, file);
  };
  const template = `Transform: AWS::Serverless-2016-10-31
Resources:${API}
  Fn:
    Type: AWS::Serverless::Function${FUNCTIONS[kind]}
`;
  for (const [name, content] of Object.entries({ ...files, "template.yaml": template })) {
    await write(name, content);
  }
  return {
    folder,
    template: join(folder, "template.yaml"),
    write,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
