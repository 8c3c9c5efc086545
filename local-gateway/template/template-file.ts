import { relative } from "node:path";
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type ScalarTag,
} from "yaml";
import { TemplateError } from "./template-error.ts";
import { TEMPLATE_TAGS } from "./template-tags.ts";

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
