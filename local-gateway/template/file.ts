import { relative } from "node:path";
import {
  type CollectionTag,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  Pair,
  parseDocument,
  Scalar,
  type ScalarTag,
  YAMLMap,
} from "yaml";

/** A template that cannot be run here: it is wrong, or it needs something that only AWS has. The message says where. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** The functions that have a short form beside their long one, without their prefix. */
const FUNCTIONS = [
  "And",
  "Base64",
  "Cidr",
  "Contains",
  "EachMemberEquals",
  "EachMemberIn",
  "Equals",
  "FindInMap",
  "GetAtt",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "RefAll",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
  "ValueOf",
  "ValueOfAll",
];

/**
 * The short forms of CloudFormation's intrinsic functions as YAML tags: `!Sub text` is read as `{"Fn::Sub": "text"}`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const TEMPLATE_TAGS: (ScalarTag | CollectionTag)[] = [
  ...shortForms("!Ref", "Ref"),
  ...shortForms("!Condition", "Condition"),
  ...FUNCTIONS.flatMap((name) => shortForms(`!${name}`, `Fn::${name}`)),
];

function shortForms(tag: string, name: string): (ScalarTag | CollectionTag)[] {
  return [
    { tag, resolve: (text) => ({ [name]: name === "Fn::GetAtt" ? attribute(text) : text }) },
    { tag, collection: "seq", resolve: (node) => longForm(name, node) },
    { tag, collection: "map", resolve: (node) => longForm(name, node) },
  ];
}

function longForm(name: string, argument: unknown): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(name), argument));
  return map;
}

/** The name of a resource has no dots, but that of an attribute may have. */
function attribute(text: string): string[] {
  const [resource = "", ...names] = text.split(".");
  return [resource, names.join(".")];
}

/** Where a value stands in a template: the keys and indexes that lead to it from the top. */
export type TemplatePath = readonly (string | number)[];

/** CloudFormation's YAML is mostly version 1.2, but has these words of 1.1. */
const YES_AND_NO: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
};

/** A template as it is written: JSON, or YAML with short intrinsic functions, which are read as their long forms. */
export class TemplateFile {
  /** Its absolute path. */
  readonly file: string;
  /** Plain objects, lists, strings, numbers, booleans and nulls. */
  readonly content: unknown;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  /** Throws a TemplateError when `text` is neither YAML nor JSON. */
  constructor(file: string, text: string) {
    this.file = file;
    this.#document = parseDocument(text, {
      merge: true,
      customTags: (tags) => [YES_AND_NO, ...tags, ...TEMPLATE_TAGS],
      lineCounter: this.#lines,
      prettyErrors: false,
    });
    const [problem] = [...this.#document.errors, ...this.#document.warnings];
    if (problem !== undefined) {
      throw new TemplateError(`${this.#position(problem.pos[0])}: ${problem.message}`);
    }
    this.content = this.#document.toJS();
  }

  /** The message with the file, the line, the resource and the property in front of it. */
  locate(path: TemplatePath, message: string): string {
    return `${this.#position(this.#offset(path))}: ${describe(path)}${message}`;
  }

  /** Throws a TemplateError that names the resource, the property and the line. */
  fail(path: TemplatePath, message: string, options?: ErrorOptions): never {
    throw new TemplateError(this.locate(path, message), options);
  }

  /** The offset of the key or item at the end of `path`, or of the innermost one before it that the file has. */
  #offset(path: TemplatePath): number {
    for (let length = path.length; length > 0; length -= 1) {
      const last = path[length - 1];
      const parent = this.#document.getIn(path.slice(0, length - 1), true);
      const pair = isMap(parent) ? parent.items.find(({ key }) => nameOf(key) === last) : undefined;
      const node = pair?.key ?? (isSeq(parent) ? parent.get(Number(last), true) : undefined);
      if (isNode(node) && node.range) {
        return node.range[0];
      }
    }
    return 0;
  }

  #position(offset: number): string {
    return `${shortest(this.file)}:${this.#lines.linePos(offset).line}`;
  }
}

/** The path from the working directory, or all of it where that leads out of it. */
function shortest(file: string): string {
  const path = relative("", file);
  return path.startsWith("..") ? file : path;
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? String(key.value) : key;
}

function describe(path: TemplatePath): string {
  const [section, resource, ...rest] = path;
  if (section === "Resources" && resource !== undefined) {
    return `${[resource, rest.join(".")].filter(Boolean).join(", ")}: `;
  }
  return path.length === 0 ? "" : `${path.join(".")}: `;
}
