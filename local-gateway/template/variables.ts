import { type CustomDomain, readCustomDomains, withoutCustomDomain } from "./custom-domains.ts";
import type { EnvVars } from "./env-vars.ts";
import type { TemplatePath } from "./file.ts";
import { PropertyReader } from "./reader.ts";
import type { Scope, TemplateResource } from "./scope.ts";
import { suggest } from "./suggestion.ts";

/** The variables of one function. */
interface OwnVariables {
  readonly functionId: string;
  readonly functionName: string;
  /** Where they are in the template. */
  readonly path: TemplatePath;
  /** The names that the template declares, whatever their values. */
  readonly declared: readonly string[];
  /** What does not exist here, by the name of the variable that holds a placeholder for it. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Reads the environment variables of a template's functions, and warns of what they do not hold. */
export class FunctionVariables {
  readonly #scope: Scope;
  readonly #envVars: EnvVars | undefined;
  readonly #customDomains: readonly CustomDomain[];
  readonly #read: OwnVariables[] = [];

  constructor(scope: Scope, envVars: EnvVars | undefined) {
    this.#scope = scope;
    this.#envVars = envVars;
    this.#customDomains = readCustomDomains(scope);
  }

  /**
   * The variables of a function. One that the file of variables gives has this value, and what the template says about it
   * is not resolved; one that the template does not declare does not exist, as with SAM. The URL of a custom domain becomes
   * that of its stage.
   *
   * Throws a TemplateError for a value that is not a string.
   */
  read(resource: TemplateResource, functionName: string): Readonly<Record<string, string>> {
    const properties: PropertyReader = PropertyReader.of(this.#scope, resource);
    const variables: PropertyReader = properties.map("Environment").map("Variables");
    const { logicalId: functionId } = resource;
    const { everywhere, functions = {} } = this.#envVars ?? {};
    const given = { ...everywhere, ...functions[functionName], ...functions[functionId] };
    const values: Record<string, string> = {};
    const problems = new Map<string, string>();
    for (const name of variables.names) {
      const read = variables.withPlaceholders(() => given[name] ?? variables.string(name));
      if (read.value !== undefined) {
        values[name] = withoutCustomDomain(read.value, this.#customDomains);
      }
      if (read.problems.length > 0) {
        problems.set(name, read.problems.join("; "));
      }
    }
    const path = ["Resources", functionId, "Properties", "Environment", "Variables"];
    this.#read.push({ functionId, functionName, path, declared: variables.names, problems });
    return values;
  }

  /** Warns of the placeholders of the functions that run, and of what the file of variables gives in vain. */
  warn(isRunning: (functionId: string) => boolean): void {
    const running = this.#read.filter(({ functionId }) => isRunning(functionId));
    this.#warnOfPlaceholders(running);
    if (this.#envVars !== undefined) {
      this.#warnOfUnused(this.#envVars, running);
    }
  }

  /** The same variable of several functions is one line. */
  #warnOfPlaceholders(running: readonly OwnVariables[]): void {
    const placeholders = running.flatMap(({ functionId, path, problems }) =>
      Array.from(problems, ([name, problem]) => ({
        functionId,
        path: [...path, name],
        problem,
        key: `${name}: ${problem}`,
      })),
    );
    for (const { key, path, problem } of placeholders) {
      const [first, ...others] = placeholders.filter((other) => other.key === key);
      if (first?.path === path) {
        const also = others.map(({ functionId }) => functionId).join(", ");
        const message = `${problem}: the value is a placeholder, and --env-vars FILE gives another one`;
        this.#scope.warn(path, also === "" ? message : `${message}; the same in ${also}`);
      }
    }
  }

  #warnOfUnused({ file, everywhere, functions }: EnvVars, running: readonly OwnVariables[]): void {
    const declaredAnywhere = new Set(running.flatMap(({ declared }) => declared));
    for (const name of Object.keys(everywhere)) {
      if (!declaredAnywhere.has(name)) {
        const message = `${file} has ${name} for every function, and no function declares it`;
        this.#scope.warn(["Resources"], `${message}${suggest(name, declaredAnywhere)}`);
      }
    }
    for (const [key, values] of Object.entries(functions)) {
      const isOwn = ({ functionId, functionName }: OwnVariables) =>
        key === functionId || key === functionName;
      const own = running.find(isOwn);
      if (own !== undefined) {
        this.#warnOfUndeclared(file, own, values);
      } else if (!this.#scope.resources.has(key)) {
        const message = `${file} has variables of ${key}, and there is no function ${key}`;
        const names = running.map(({ functionId }) => functionId);
        this.#scope.warn(["Resources"], `${message}${suggest(key, names)}`);
      }
    }
  }

  #warnOfUndeclared(file: string, { declared, path }: OwnVariables, values: object): void {
    for (const name of Object.keys(values)) {
      if (!declared.includes(name)) {
        const message = `${file} has ${name}, which the function does not declare: it is not set`;
        this.#scope.warn(path, `${message}${suggest(name, declared)}`);
      }
    }
  }
}
