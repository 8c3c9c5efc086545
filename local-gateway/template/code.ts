import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PropertyReader } from "./reader.ts";
import { type RuntimeFamily, runtimeFamilyOf } from "./runtime.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { isIntrinsic, isRecord } from "./values.ts";

/** The code of a function or the content of a layer, as it is before anything is built or unpacked. */
export interface CodeSource {
  /** The absolute path of a folder or of a zip file; with `inlineCode` that of the template's folder. */
  readonly codePath: string;
  /** True when `codePath` is a zip file. */
  readonly isArchive?: boolean;
  /** The source that is in the template itself: the deployed code is one file with this text. */
  readonly inlineCode?: string;
  /** Present when the template builds the code with esbuild. */
  readonly esbuild?: EsbuildProperties;
  /** Present when the template builds the code with make. */
  readonly makefile?: MakefileProperties;
}

/**
 * The BuildProperties of a function's esbuild metadata, as written in the template. SAM hands each to esbuild as a
 * flag (`Format` → `--format`), a list once for each item (`External: [a]` → `--external:a`).
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export type EsbuildProperties = Readonly<
  Record<string, string | number | boolean | readonly string[]>
>;

/**
 * How make builds code: it runs the target `build-<logical id>` of the Makefile in the code's folder.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
 */
export interface MakefileProperties {
  /** Where make runs, relative to the code's folder. */
  readonly workingDirectory: string;
}

/** The property that has the code, by the type of the resource. */
const CODE_PROPERTIES: Readonly<Record<string, string>> = {
  "AWS::Serverless::Function": "CodeUri",
  "AWS::Lambda::Function": "Code",
  "AWS::Serverless::LayerVersion": "ContentUri",
  "AWS::Lambda::LayerVersion": "Content",
};

/**
 * Reads where the code of a function or a layer is, and how it is built: in a folder, in a zip file or in the template;
 * for `cdk synth` in the asset that the metadata names.
 *
 * Throws a TemplateError when the code is not on this machine, or when its build method is not supported.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
export function readCode(scope: Scope, resource: TemplateResource): CodeSource {
  const folder = dirname(scope.template.file);
  const properties: PropertyReader = PropertyReader.of(scope, resource);
  const inlineCode = readInlineCode(properties, resource);
  if (inlineCode !== undefined) {
    return { codePath: folder, inlineCode };
  }
  const code = readPath(properties, resource, folder);
  return { ...code, ...readBuild(scope, resource, code.codePath) };
}

function readInlineCode(
  properties: PropertyReader,
  { properties: written }: TemplateResource,
): string | undefined {
  // SAM has a property of its own. CloudFormation has the source in Code, which may be a path as well.
  const code = isIntrinsic(written.Code) ? properties.value("Code") : written.Code;
  return isRecord(code)
    ? properties.map("Code").string("ZipFile")
    : properties.string("InlineCode");
}

function readPath(
  properties: PropertyReader,
  { type, properties: written, metadata }: TemplateResource,
  folder: string,
): Pick<CodeSource, "codePath" | "isArchive"> {
  const name = CODE_PROPERTIES[type] ?? "CodeUri";
  const asset = assetPath(metadata, name) ?? assetOfKey(written[name], folder);
  // A map is an object in S3. It is not resolved: its bucket is often one that only the account has.
  const isObject = isRecord(written[name]) && !isIntrinsic(written[name]);
  const uri = asset ?? (isObject ? undefined : (properties.value(name) ?? "."));
  if (typeof uri !== "string" || /^(s3|https?):/.test(uri)) {
    return properties.unsupported(name, "must be a folder or a zip file on this machine");
  }
  const codePath = resolve(folder, uri);
  const kind = kindOf(codePath);
  if (kind === "folder") {
    return { codePath };
  }
  return kind === "file" && /\.(zip|jar)$/i.test(codePath)
    ? { codePath, isArchive: true }
    : properties.fail(name, `${codePath} is neither a folder nor a zip file on this machine`);
}

/**
 * The asset that `cdk synth` wrote for this property, which itself names an object in S3.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html
 */
export function assetPath(
  metadata: TemplateResource["metadata"],
  property: string,
): string | undefined {
  const { "aws:asset:path": path, "aws:asset:property": name = property } = metadata;
  return typeof path === "string" && name === property ? path : undefined;
}

/** Without the command `cdk synth` there is no such metadata, but the key of the object in S3 names the asset, too. */
function assetOfKey(code: unknown, folder: string): string | undefined {
  const [, hash] = isRecord(code) ? (/^([0-9a-f]{64})\.zip$/.exec(String(code.S3Key)) ?? []) : [];
  return hash === undefined
    ? undefined
    : [`asset.${hash}`, `asset.${hash}.zip`].find((name) => existsSync(join(folder, name)));
}

function kindOf(path: string): "folder" | "file" | undefined {
  try {
    const stats = statSync(path);
    return stats.isDirectory() ? "folder" : "file";
  } catch {
    // It does not exist, may not be read, or is not a path at all: for the function it is the same.
    return undefined;
  }
}

function metadataReader(scope: Scope, { logicalId, metadata }: TemplateResource): PropertyReader {
  return new PropertyReader(scope, ["Resources", logicalId, "Metadata"], metadata);
}

/** Where `sam build` writes a template and the code that it has built. The template still has the build methods. */
const BUILD_OUTPUT = /[\\/]\.aws-sam[\\/]build$/;

/** The BuildMethod; undefined without one, and when the code is built already. */
function readBuildMethod(scope: Scope, metadata: PropertyReader): string | undefined {
  const isBuilt =
    BUILD_OUTPUT.test(dirname(scope.template.file)) || metadata.string("SkipBuild") === "true";
  return isBuilt ? undefined : metadata.string("BuildMethod");
}

/** What needs no build: SAM only installs the packages in the code's folder. */
const PLAIN_METHOD = /^(nodejs|python)\d/;

/**
 * The folder in a layer into which SAM puts its content: that of the language for which it builds the layer, for example
 * `nodejs`, or the top when it builds none.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-layers.html
 */
export function readLayerFolder(scope: Scope, resource: TemplateResource): string {
  const method = readBuildMethod(scope, metadataReader(scope, resource)) ?? "";
  return PLAIN_METHOD.exec(method)?.[1] ?? "";
}

/** Go and Rust are not built here: what `sam build` has made of a function runs. */
const BUILT_ELSEWHERE: readonly RuntimeFamily[] = ["python", "provided"];

function readBuild(
  scope: Scope,
  resource: TemplateResource,
  codePath: string,
): Pick<CodeSource, "esbuild" | "makefile"> {
  const reader = metadataReader(scope, resource);
  const method = readBuildMethod(scope, reader);
  if (method === undefined || PLAIN_METHOD.test(method)) {
    return {};
  }
  const runtime = PropertyReader.of(scope, resource).string("Runtime") ?? "";
  if (method !== "makefile" && BUILT_ELSEWHERE.includes(runtimeFamilyOf(runtime))) {
    return {};
  }
  if (method === "esbuild") {
    return { esbuild: readEsbuildProperties(reader) };
  }
  if (method !== "makefile") {
    reader.unsupported(
      "BuildMethod",
      `${method} is not supported, only esbuild, makefile and nodejs are`,
    );
  }
  for (const name of ["ContextPath", "ProjectRootDirectory"]) {
    if (reader.names.includes(name)) {
      reader.unsupported(name, "is not supported: the Makefile must be in the code's folder");
    }
  }
  if (!existsSync(join(codePath, "Makefile"))) {
    scope.warn(
      reader.path("BuildMethod"),
      `there is no Makefile in ${codePath}: the code runs as it is there`,
    );
    return {};
  }
  return { makefile: { workingDirectory: reader.string("WorkingDirectory") ?? "." } };
}

function readEsbuildProperties(metadata: PropertyReader): EsbuildProperties {
  const build = metadata.map("BuildProperties");
  const properties: Record<string, EsbuildProperties[string]> = {};
  for (const name of build.names) {
    const value = build.value(name);
    if (typeof value === "boolean" || typeof value === "number") {
      properties[name] = value;
    } else if (value !== undefined) {
      properties[name] = typeof value === "string" ? value : build.strings(name);
    }
  }
  return properties;
}
