import { locate } from "./error.ts";
import type { TemplateFile, TemplatePath } from "./file.ts";
import { INTRINSIC_FUNCTIONS } from "./intrinsics.ts";
import type { Parameter } from "./parameters.ts";
import { referToResource } from "./references.ts";
import { placeholderNamed } from "./resource-attributes.ts";
import type { Scope, TemplateResource, WithPlaceholders } from "./scope.ts";
import type { Stack } from "./stack.ts";
import { suggest } from "./suggestion.ts";
import { isRecord, NO_VALUE } from "./values.ts";

/** The key ends before the version, or before what of a secret is meant. */
const DYNAMIC_REFERENCE =
  /\{\{resolve:([\w-]+):((?:arn:[^:}]+:[^:}]+:[^:}]*:[^:}]*:[^:}]+:)?[^:}]+)[^}]*\}\}/g;

/** Resolves the values of one template with one set of parameters. */
export class Resolver implements Scope {
  readonly template: TemplateFile;
  readonly stack: Stack;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** What `warn` has noted, one sentence each, with the line; the same is noted once. */
  readonly warnings = new Set<string>();
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #pseudoParameters: Readonly<Record<string, string | symbol>>;
  /** What is being resolved at this moment, to find values that need themselves. */
  readonly #open = new Set<string>();
  /** The problems of the placeholders that are in use at this moment; undefined where none may be. */
  #placeholders: Set<string> | undefined;

  constructor(
    template: TemplateFile,
    stack: Stack,
    parameters: ReadonlyMap<string, Parameter>,
    resources: ReadonlyMap<string, TemplateResource>,
  ) {
    this.template = template;
    this.stack = stack;
    this.resources = resources;
    this.#parameters = parameters;
    this.#pseudoParameters = {
      "AWS::AccountId": stack.accountId,
      "AWS::NoValue": NO_VALUE,
      "AWS::Partition": stack.partition,
      "AWS::Region": stack.region,
      "AWS::StackId": `arn:${stack.partition}:cloudformation:${stack.region}:${stack.accountId}:stack/${stack.name}/local`,
      "AWS::StackName": stack.name,
      "AWS::URLSuffix": stack.urlSuffix,
    };
  }

  resolve(value: unknown, path: TemplatePath): unknown {
    if (Array.isArray(value)) {
      return value
        .map((item, index) => this.resolve(item, [...path, index]))
        .filter((item) => item !== NO_VALUE);
    }
    if (isRecord(value)) {
      return this.#resolveRecord(value, path);
    }
    return typeof value === "string" ? this.#withoutDynamicReferences(value, path) : value;
  }

  refer(name: string, path: TemplatePath): unknown {
    if (name.startsWith("AWS::")) {
      return this.#pseudoParameters[name] ?? this.unsupported(path, `${name} is not supported`);
    }
    const parameter = this.#parameters.get(name);
    return parameter === undefined
      ? this.attribute(name, undefined, path)
      : this.#parameterValue(name, parameter, path);
  }

  isStored(name: string): boolean {
    return this.#parameters.get(name)?.isStored === true;
  }

  attribute(logicalId: string, attribute: string | undefined, path: TemplatePath): string {
    return this.#guard(`${logicalId}.${attribute}`, path, () =>
      referToResource(this, logicalId, attribute, path),
    );
  }

  condition(name: string, path: TemplatePath): boolean {
    const conditions = this.template.section("Conditions");
    if (!Object.hasOwn(conditions, name)) {
      this.fail(path, `there is no condition ${name}${suggest(name, Object.keys(conditions))}`);
    }
    const own = ["Conditions", name];
    return this.#guard(`condition ${name}`, path, () => {
      const value = this.resolve(conditions[name], own);
      return typeof value === "boolean" ? value : this.fail(own, "is not a condition");
    });
  }

  placeholder(path: TemplatePath, problem: string, make: () => string): string {
    if (this.#placeholders === undefined) {
      this.unsupported(path, problem);
    }
    this.#placeholders.add(problem);
    return make();
  }

  withPlaceholders<Value>(read: () => Value): WithPlaceholders<Value> {
    const outer = this.#placeholders;
    const own = new Set<string>();
    this.#placeholders = own;
    try {
      return { value: read(), problems: [...own] };
    } finally {
      this.#placeholders = outer;
    }
  }

  warn(path: TemplatePath, message: string): void {
    this.warnings.add(locate(this.template.place(path), message));
  }

  fail(path: TemplatePath, message: string): never {
    throw this.template.error("TEMPLATE_INVALID", path, message);
  }

  unsupported(path: TemplatePath, message: string): never {
    throw this.template.error("TEMPLATE_UNSUPPORTED", path, message);
  }

  #parameterValue(
    name: string,
    { value, isStored }: Parameter,
    path: TemplatePath,
  ): string | readonly string[] {
    if (value === undefined) {
      const message = `only an AWS account has the value of ${name}, and there is no default: give one with --parameter-overrides ${name}=VALUE`;
      throw this.template.error("TEMPLATE_PARAMETER_INVALID", path, message);
    }
    if (isStored) {
      const message = `on AWS the default is the name of the value in the parameter store, here it is the value: give another one with --parameter-overrides ${name}=VALUE`;
      this.warn(["Parameters", name], message);
    }
    return value;
  }

  /**
   * A text in which each `{{resolve:service:key}}` is replaced by a placeholder, its key.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
   */
  #withoutDynamicReferences(text: string, path: TemplatePath): string {
    return text.replace(DYNAMIC_REFERENCE, (reference, _service, key: string) => {
      const problem = `${reference} is a value of an account, which does not exist here`;
      return this.placeholder(path, problem, () => placeholderNamed(key, this.stack));
    });
  }

  #resolveRecord(value: Record<string, unknown>, path: TemplatePath): unknown {
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined) {
      const [name, argument] = first;
      const intrinsic = INTRINSIC_FUNCTIONS.get(name);
      // A policy may have a map called Condition: only with a string it is the function.
      if (intrinsic !== undefined && (name !== "Condition" || typeof argument === "string")) {
        const own = [...path, name];
        const result = intrinsic(argument, own, this);
        return typeof result === "string" ? this.#withoutDynamicReferences(result, own) : result;
      }
      if (name.startsWith("Fn::")) {
        this.unsupported(path, `${name} is not supported`);
      }
    }
    return Object.fromEntries(
      entries
        .map(([key, item]): [string, unknown] => [key, this.resolve(item, [...path, key])])
        .filter(([, item]) => item !== NO_VALUE),
    );
  }

  #guard<Value>(what: string, path: TemplatePath, resolve: () => Value): Value {
    if (this.#open.has(what)) {
      this.fail(path, "refers to itself");
    }
    this.#open.add(what);
    try {
      return resolve();
    } finally {
      this.#open.delete(what);
    }
  }
}
