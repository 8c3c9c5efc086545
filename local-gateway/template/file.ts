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
import { TemplateError, type TemplateErrorCode, type TemplatePlace } from "./error.ts";
import { isRecord } from "./values.ts";

/** Where a value is in a template: the keys and indexes that lead to it from the top. */
export type TemplatePath = readonly (string | number)[];

/** A template as it is written: JSON, or YAML with short intrinsic functions, which are read as their long forms. */
export class TemplateFile {
  /** Its absolute path. */
  readonly file: string;
  /** Plain objects, lists, strings, numbers, booleans and nulls. */
  readonly #content: unknown;
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
      const place = { file, line: this.#line(problem.pos[0]) };
      throw new TemplateError("TEMPLATE_UNREADABLE", place, problem.message, { cause: problem });
    }
    this.#content = this.#toJs();
  }

  /** A section, such as `Parameters`, by its keys; empty when it is absent. Throws a TemplateError when it is not a map. */
  section(name: string): Readonly<Record<string, unknown>> {
    const section = (isRecord(this.#content) ? this.#content[name] : undefined) ?? {};
    if (!isRecord(section)) {
      throw this.error("TEMPLATE_INVALID", [name], "must be a map");
    }
    return section;
  }

  /** An error about the key or item at the end of `path`. */
  error(
    code: TemplateErrorCode,
    path: TemplatePath,
    problem: string,
    options?: ErrorOptions,
  ): TemplateError {
    return new TemplateError(code, this.place(path), problem, options);
  }

  /** The place of the key or item at the end of `path`. */
  place(path: TemplatePath): TemplatePlace {
    const [section, logicalId, ...below] = path;
    const isInResource = section === "Resources" && logicalId !== undefined;
    const property = (isInResource ? below : path).join(".");
    return {
      file: this.file,
      line: this.#line(this.#offset(path)),
      ...(isInResource && { resource: String(logicalId) }),
      ...(property !== "" && { property }),
    };
  }

  #toJs(): unknown {
    try {
      return this.#document.toJS();
    } catch (cause) {
      // An alias without its anchor, or so many aliases that the content would not fit into memory.
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new TemplateError("TEMPLATE_UNREADABLE", { file: this.file }, problem, { cause });
    }
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

  #line(offset: number): number {
    return this.#lines.linePos(offset).line;
  }
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? String(key.value) : key;
}

/** CloudFormation's YAML is mostly version 1.2, but also has these words of 1.1. */
const YES_AND_NO: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
};

/** The functions with a short form, without their prefix. */
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
