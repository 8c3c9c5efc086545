import type { Stack } from "./stack.ts";
import type { TemplateFile, TemplatePath } from "./template-file.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * What the values of a template are resolved against. Every method throws a TemplateError for what cannot be resolved;
 * `path` says where it stands.
 */
export interface Scope {
  readonly template: TemplateFile;
  readonly stack: Stack;
  /** By logical id, those whose conditions do not hold too. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** The value with every intrinsic function in it replaced; NO_VALUE when it is `AWS::NoValue` itself. */
  resolve(value: unknown, path: TemplatePath): unknown;
  /** The value of `Ref`: of a pseudo parameter, a parameter or a resource. */
  refer(name: string, path: TemplatePath): unknown;
  /** The value of `Fn::GetAtt`, or that of `Ref` when `attribute` is undefined. */
  attribute(logicalId: string, attribute: string | undefined, path: TemplatePath): string;
  /** Whether the condition with this name holds. */
  condition(name: string, path: TemplatePath): boolean;
  /** Notes what works, but not as its author may think. */
  warn(path: TemplatePath, message: string): void;
  /** Throws a TemplateError that names the resource, the property and the line. */
  fail(path: TemplatePath, message: string): never;
}
