import { isIntrinsic } from "./is-intrinsic.ts";
import { isRecord } from "./is-record.ts";
import { NO_VALUE } from "./no-value.ts";
import type { Scope } from "./scope.ts";
import type { TemplatePath } from "./template-file.ts";
import type { TemplateResource } from "./template-resource.ts";

/**
 * Reads the properties of one map of a template, each resolved when it is asked for. Every method throws a TemplateError
 * when the value has another type.
 */
export class PropertyReader {
  readonly #scope: Scope;
  readonly #path: TemplatePath;
  readonly #properties: Readonly<Record<string, unknown>>;

  constructor(scope: Scope, path: TemplatePath, properties: Readonly<Record<string, unknown>>) {
    this.#scope = scope;
    this.#path = path;
    this.#properties = properties;
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

  /** A text; numbers and booleans become texts, as CloudFormation makes them. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "string") {
      return value;
    }
    return typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : this.fail(name, "must be a text");
  }

  /** Like `text`, for a property that must be there. */
  requiredText(name: string): string {
    return this.text(name) ?? this.fail(name, "is missing");
  }

  /** A number, or a text that is one. */
  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) {
      return undefined;
    }
    const number = Number(text);
    return text.trim() === "" || Number.isNaN(number)
      ? this.fail(name, `must be a number, not "${text}"`)
      : number;
  }

  /** A list of texts; one text is a list of one. Empty when it is absent. */
  texts(name: string): readonly string[] {
    const list = [this.value(name) ?? []].flat();
    return list.map((item) =>
      typeof item === "string" ? item : this.fail(name, "must be a text or a list of texts"),
    );
  }

  /** A map whose values are resolved when they are asked for; empty when it is absent. */
  map(name: string): PropertyReader {
    return (
      this.#open(this.#properties[name] ?? {}, this.path(name)) ?? this.fail(name, "must be a map")
    );
  }

  /** The maps in a list, each like `map`; what is no map is left out. One map is a list of one. */
  maps(name: string): readonly PropertyReader[] {
    const value = this.#properties[name] ?? [];
    const items = isIntrinsic(value) ? this.#scope.resolve(value, this.path(name)) : value;
    return Array.isArray(items)
      ? items.flatMap((item, index) => this.#open(item, [...this.path(name), index]) ?? [])
      : [this.map(name)];
  }

  /** Where a property stands in the template. */
  path(name: string): TemplatePath {
    return [...this.#path, name];
  }

  /** Throws a TemplateError about a property. */
  fail(name: string, message: string): never {
    return this.#scope.fail(this.path(name), message);
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
