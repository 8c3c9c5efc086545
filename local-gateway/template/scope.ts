import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { TemplateFile, TemplatePath } from "./file.ts";

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

/** The stack that a template would be deployed as: what its pseudo parameters say. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly urlSuffix: string;
  /** The id of the API with this logical id: ten characters that stay the same for the same template file. */
  readonly apiId: (logicalId: string) => string;
}

/** Describes the local stack of the template in `file`. */
export function createStack(file: string, region: string): Stack {
  const path = resolve(file);
  return {
    name: STACK_NAME,
    region,
    accountId: ACCOUNT_ID,
    partition: "aws",
    urlSuffix: "amazonaws.com",
    apiId: (logicalId) => apiId(`${path} ${logicalId}`),
  };
}

function apiId(name: string): string {
  const digest = createHash("sha256").update(name).digest();
  return BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .slice(-10)
    .padStart(10, "0");
}

/**
 * Every template's stack, whatever folder it lies in: files that name its resources, such as those for
 * `sam local invoke --env-vars`, can be checked in.
 */
export const STACK_NAME = "local";

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

/** Stands for `AWS::NoValue`: the property or item that has it does not exist. */
export const NO_VALUE = Symbol("AWS::NoValue");

/** True for an object with members: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for the call of an intrinsic function: a map whose only member is `Ref` or begins with `Fn::`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) {
    return false;
  }
  const [only = "", ...others] = Object.keys(value);
  return others.length === 0 && (only === "Ref" || only.startsWith("Fn::"));
}

/** The account that everything local belongs to: the one of AWS's own examples. */
export const ACCOUNT_ID = "123456789012";
