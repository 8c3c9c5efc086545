import type { TemplateFile, TemplatePath } from "./file.ts";
import { isIntrinsic, isRecord, NO_VALUE, type Scope, type TemplateResource } from "./scope.ts";

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

/** Lists the resources of a template by logical id. Throws a TemplateError when the template has none. */
export function readResources(template: TemplateFile): ReadonlyMap<string, TemplateResource> {
  const { content } = template;
  if (!isRecord(content) || !isRecord(content.Resources)) {
    template.fail([], "a template needs Resources");
  }
  const globals = isRecord(content.Globals) ? content.Globals : {};
  return new Map(
    Object.entries(content.Resources).map(([logicalId, resource]) => {
      const path = ["Resources", logicalId];
      if (logicalId.startsWith("Fn::")) {
        template.fail(path, "language extensions are not known here");
      }
      if (!isRecord(resource) || typeof resource.Type !== "string") {
        template.fail(path, "a resource needs a Type");
      }
      return [logicalId, readResource(template, logicalId, resource.Type, resource, globals)];
    }),
  );
}

function readResource(
  template: TemplateFile,
  logicalId: string,
  type: string,
  resource: Record<string, unknown>,
  globals: Record<string, unknown>,
): TemplateResource {
  const { Properties = {}, Metadata = {}, DependsOn = [], Condition } = resource;
  if (!isRecord(Properties)) {
    template.fail(["Resources", logicalId, "Properties"], "must be a map");
  }
  const inherited = globals[type.replace(/^AWS::Serverless::/, "")];
  return {
    logicalId,
    type,
    properties: isRecord(inherited) ? mergeGlobals(inherited, Properties) : Properties,
    metadata: isRecord(Metadata) ? Metadata : {},
    dependsOn: [DependsOn].flat().filter((name) => typeof name === "string"),
    ...(typeof Condition === "string" && { condition: Condition }),
  };
}

/** The resources of a type that exist: those without a condition, and those whose condition holds. */
export function existingResources(scope: Scope, type: string): readonly TemplateResource[] {
  return [...scope.resources.values()].filter(
    (resource) =>
      resource.type === type &&
      (resource.condition === undefined ||
        scope.condition(resource.condition, ["Resources", resource.logicalId, "Condition"])),
  );
}

/**
 * The properties of a resource with the template's Globals for its type: maps are merged, the Globals' list items come
 * before the resource's own, and of anything else the resource's own value counts.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
function mergeGlobals(
  globals: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    merged[key] = key in globals ? mergeValue(globals[key], value) : value;
  }
  return merged;
}

function mergeValue(inherited: unknown, own: unknown): unknown {
  if (Array.isArray(inherited) && Array.isArray(own)) {
    return [...inherited, ...own];
  }
  const areMaps = isRecord(inherited) && isRecord(own);
  // An intrinsic function looks like a map, but stands for one value.
  return areMaps && !isIntrinsic(inherited) && !isIntrinsic(own)
    ? mergeGlobals(inherited, own)
    : own;
}
