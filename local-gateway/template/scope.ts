import type { TemplateFile, TemplatePath } from "./file.ts";
import type { Stack } from "./stack.ts";

/**
 * What the values of a template are resolved against. Every method throws a TemplateError when there is no value;
 * `path` is where the value is.
 */
export interface Scope {
  readonly template: TemplateFile;
  readonly stack: Stack;
  /** By logical id, including those whose condition is false. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** The value with every intrinsic function in it replaced; NO_VALUE when it is `AWS::NoValue` itself. */
  resolve(value: unknown, path: TemplatePath): unknown;
  /** The value of `Ref`: of a pseudo parameter, a parameter or a resource. */
  refer(name: string, path: TemplatePath): unknown;
  /** Whether only AWS knows the value of the parameter with this name. */
  isStored(name: string): boolean;
  /** The value of `Fn::GetAtt`, or that of `Ref` when `attribute` is undefined. */
  attribute(logicalId: string, attribute: string | undefined, path: TemplatePath): string;
  /** Whether the condition with this name is true. */
  condition(name: string, path: TemplatePath): boolean;
  /**
   * The value of something that does not exist here, `make`, while `withPlaceholders` reads. Throws a TemplateError with
   * the code TEMPLATE_UNSUPPORTED and the problem otherwise.
   */
  placeholder(path: TemplatePath, problem: string, make: () => string): string;
  /** Lets `read` have placeholders for what does not exist here. */
  withPlaceholders<Value>(read: () => Value): WithPlaceholders<Value>;
  /** Notes what works, but not as its author may think. */
  warn(path: TemplatePath, message: string): void;
  /** Throws a TemplateError with the code TEMPLATE_INVALID: AWS would reject it as well. */
  fail(path: TemplatePath, message: string): never;
  /** Throws a TemplateError with the code TEMPLATE_UNSUPPORTED: it may run on AWS, but not here. */
  unsupported(path: TemplatePath, message: string): never;
}

/** A value that may hold placeholders. */
export interface WithPlaceholders<Value> {
  readonly value: Value;
  /** What does not exist here, one sentence for each placeholder; empty when there is none. */
  readonly problems: readonly string[];
}

/** One resource as the template has it: nothing in it is resolved. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  /** With the template's Globals merged in. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The logical ids of its DependsOn; empty without one. */
  readonly dependsOn: readonly string[];
  /** The condition on which it exists. */
  readonly condition?: string;
}
