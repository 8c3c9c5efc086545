import type { TemplatePath } from "./file.ts";
import { isLoop, UNSUPPORTED } from "./loops.ts";
import type { Scope, TemplateResource, WithPlaceholders } from "./scope.ts";
import { isIntrinsic, isRecord, isScalar, NO_VALUE } from "./values.ts";

/**
 * Reads the properties of one map of a template, each resolved when it is read. Every method throws a TemplateError
 * when the value has another type, and so does the constructor when a loop makes some of the properties.
 */
export class PropertyReader {
  readonly #scope: Scope;
  readonly #path: TemplatePath;
  readonly #properties: Readonly<Record<string, unknown>>;

  constructor(scope: Scope, path: TemplatePath, properties: Readonly<Record<string, unknown>>) {
    this.#scope = scope;
    this.#path = path;
    this.#properties = properties;
    const loop = Object.keys(properties).find(isLoop);
    if (loop !== undefined) {
      this.unsupported(loop, UNSUPPORTED);
    }
  }

  /** The properties of a resource. */
  static of(scope: Scope, { logicalId, properties }: TemplateResource): PropertyReader {
    return new PropertyReader(scope, ["Resources", logicalId, "Properties"], properties);
  }

  /** The names of the properties that are written, whatever their values. */
  get names(): readonly string[] {
    return Object.keys(this.#properties);
  }

  /** The resolved value; undefined when it is absent or `AWS::NoValue`. */
  value(name: string): unknown {
    const value = this.#properties[name];
    const resolved = value == null ? undefined : this.#scope.resolve(value, this.path(name));
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** A string; numbers and booleans become strings, as CloudFormation makes them. Undefined when it is absent. */
  string(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) {
      return undefined;
    }
    return isScalar(value) ? String(value) : this.fail(name, "must be a string");
  }

  /** Like `string`, for a property that must be there. */
  requiredString(name: string): string {
    return this.string(name) ?? this.fail(name, "is missing");
  }

  /** A number, or a string that is one. Undefined when it is absent. */
  number(name: string): number | undefined {
    const text = this.string(name);
    if (text === undefined) {
      return undefined;
    }
    const number = Number(text);
    return text.trim() === "" || Number.isNaN(number)
      ? this.fail(name, `must be a number, not "${text}"`)
      : number;
  }

  /** A list of strings; one string is a list of one. Empty when it is absent. */
  strings(name: string): readonly string[] {
    const list = [this.value(name) ?? []].flat();
    return list.map((item) =>
      typeof item === "string" ? item : this.fail(name, "must be a string or a list of strings"),
    );
  }

  /** A map whose values are resolved when they are read; empty when it is absent. */
  map(name: string): PropertyReader {
    return (
      this.#open(this.#properties[name] ?? {}, this.path(name)) ?? this.fail(name, "must be a map")
    );
  }

  /** The maps in a list, each like `map`; items that are not maps are left out. One map is a list of one. */
  maps(name: string): readonly PropertyReader[] {
    const value = this.#properties[name] ?? [];
    const items = isIntrinsic(value) ? this.#scope.resolve(value, this.path(name)) : value;
    return Array.isArray(items)
      ? items.flatMap((item, index) => this.#open(item, [...this.path(name), index]) ?? [])
      : [this.map(name)];
  }

  /** See the method of Scope. */
  withPlaceholders<Value>(read: () => Value): WithPlaceholders<Value> {
    return this.#scope.withPlaceholders(read);
  }

  /** Where a property is in the template. */
  path(name: string): TemplatePath {
    return [...this.#path, name];
  }

  /** Throws a TemplateError about a property that AWS would reject as well. */
  fail(name: string, message: string): never {
    return this.#scope.fail(this.path(name), message);
  }

  /** Throws a TemplateError about a property that may be right on AWS, but not here. */
  unsupported(name: string, message: string): never {
    return this.#scope.unsupported(this.path(name), message);
  }

  #open(value: unknown, path: TemplatePath): PropertyReader | undefined {
    // A map that a function such as Fn::If chooses is resolved first, and has nothing left to resolve.
    const map = isIntrinsic(value) ? this.#scope.resolve(value, path) : value;
    if (map === NO_VALUE) {
      return new PropertyReader(this.#scope, path, {});
    }
    return isRecord(map) ? new PropertyReader(this.#scope, path, map) : undefined;
  }
}
