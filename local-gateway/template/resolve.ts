import type { TemplateFile, TemplatePath } from "./file.ts";
import { INTRINSIC_FUNCTIONS } from "./intrinsics.ts";
import type { ParameterValues } from "./parameters.ts";
import { referToResource, suggest } from "./references.ts";
import { isRecord, NO_VALUE, type Scope, type Stack, type TemplateResource } from "./scope.ts";

/** Resolves the values of one template with one set of parameters. */
export class Resolver implements Scope {
  readonly template: TemplateFile;
  readonly stack: Stack;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** What `warn` has noted, one sentence each, with the line. */
  readonly warnings: string[] = [];
  readonly #parameters: ParameterValues;
  readonly #pseudoParameters: Readonly<Record<string, string | symbol>>;
  /** What is being resolved at this moment, to find values that need themselves. */
  readonly #open = new Set<string>();

  constructor(
    template: TemplateFile,
    stack: Stack,
    parameters: ParameterValues,
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
    if (typeof value === "string" && value.includes("{{resolve:")) {
      this.fail(path, "a dynamic reference needs AWS");
    }
    return value;
  }

  refer(name: string, path: TemplatePath): unknown {
    if (name.startsWith("AWS::")) {
      return this.#pseudoParameters[name] ?? this.fail(path, `there is no ${name} here`);
    }
    return this.#parameters.get(name) ?? this.attribute(name, undefined, path);
  }

  attribute(logicalId: string, attribute: string | undefined, path: TemplatePath): string {
    return this.#guard(`${logicalId}.${attribute}`, path, () =>
      referToResource(this, logicalId, attribute, path),
    );
  }

  condition(name: string, path: TemplatePath): boolean {
    const { content } = this.template;
    const conditions = isRecord(content) && isRecord(content.Conditions) ? content.Conditions : {};
    if (!Object.hasOwn(conditions, name)) {
      this.fail(path, `there is no condition ${name}${suggest(name, Object.keys(conditions))}`);
    }
    const own = ["Conditions", name];
    return this.#guard(`condition ${name}`, path, () => {
      const holds = this.resolve(conditions[name], own);
      return typeof holds === "boolean" ? holds : this.fail(own, "is not a condition");
    });
  }

  warn(path: TemplatePath, message: string): void {
    this.warnings.push(this.template.locate(path, message));
  }

  fail(path: TemplatePath, message: string): never {
    this.template.fail(path, message);
  }

  #resolveRecord(value: Record<string, unknown>, path: TemplatePath): unknown {
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined) {
      const [name, argument] = first;
      const intrinsic = INTRINSIC_FUNCTIONS.get(name);
      // A policy may have a map called Condition: only a text after it makes it the function.
      if (intrinsic !== undefined && (name !== "Condition" || typeof argument === "string")) {
        return intrinsic(argument, [...path, name], this);
      }
      if (name.startsWith("Fn::")) {
        this.fail(path, `${name} is not known here`);
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
