import { existsSync } from "node:fs";
import { join } from "node:path";
import { locate } from "../../template/error.ts";
import type { FunctionDefinition } from "../../template/functions.ts";
import { runtimeFamilyOf } from "../../template/runtime.ts";
import type { RuntimeProgram } from "../environment-definition.ts";
import type { FunctionReport } from "../function-report.ts";
import type { LocalHosts } from "../variables.ts";
import { type Python, PythonFinder } from "./python.ts";

/**
 * How a function is started: the program for it as it is deployed, undefined for Node.js, which has a runtime of its own.
 * Or why it cannot be started: a sentence without the place in the template, which has been reported.
 */
type FoundProgram =
  | {
      readonly ok: true;
      /** `layers` is the folder with what Lambda has in `/opt`, if there are any. */
      readonly programOf: (
        deployed: FunctionDefinition,
        layers: string | undefined,
      ) => RuntimeProgram | undefined;
    }
  | { readonly ok: false; readonly problem: string };

interface ProgramFinderOptions {
  /** Where the requests of a Python function for AWS's hosts go instead. */
  readonly localHosts: LocalHosts;
  /** Takes why a function cannot be started, and that another version of its language runs it: each version once. */
  readonly onReport: (report: FunctionReport) => void;
}

/** Does in Python what Lambda's own runtime for Python does. The published package has it next to its own module. */
const PYTHON_BOOTSTRAP = join(import.meta.dirname, "bootstrap.py");

/** Where Lambda has the layers of a function. */
const LAYERS = "/opt";

/** Finds out how functions are started on this machine. */
export class ProgramFinder {
  readonly #options: ProgramFinderOptions;
  readonly #pythons = new PythonFinder();
  readonly #differences = new Set<string>();

  constructor(options: ProgramFinderOptions) {
    this.#options = options;
  }

  /** How a function is started. */
  async find(definition: FunctionDefinition): Promise<FoundProgram> {
    const { runtime } = definition;
    switch (runtimeFamilyOf(runtime)) {
      case "nodejs":
        return { ok: true, programOf: () => undefined };
      case "provided":
        return { ok: true, programOf: bootstrapOf };
      case "python": {
        const python = await this.#pythons.find(runtime.replace("python", ""));
        return python === undefined
          ? this.#fail(definition, `${runtime} needs python3, which is not on the PATH`)
          : this.#forPython(definition, python);
      }
      case "other":
        return this.#fail(definition, `${runtime} does not run here`);
    }
  }

  #forPython(
    definition: FunctionDefinition,
    { executable, version, userPackages }: Python,
  ): FoundProgram {
    const { runtime, logicalId: functionId } = definition;
    const difference = `${runtime} functions run on this machine's Python ${version}`;
    if (runtime !== `python${version}` && !this.#differences.has(difference)) {
      this.#differences.add(difference);
      const problem = locateRuntime(definition, difference);
      this.#options.onReport({ kind: "other version", functionId, problem });
    }
    const settings = { hosts: this.#options.localHosts, packages: userPackages };
    return {
      ok: true,
      programOf: (_deployed, layers = LAYERS) => ({
        file: executable,
        // Text is UTF-8, output is not buffered, and no __pycache__ is written into the sources.
        args: [
          ...["-X", "utf8", "-u", "-B", PYTHON_BOOTSTRAP],
          JSON.stringify({ ...settings, layers }),
        ],
      }),
    };
  }

  #fail(definition: FunctionDefinition, reason: string): FoundProgram {
    const { logicalId: functionId } = definition;
    const problem = locateRuntime(definition, `${reason}; every event of ${functionId} fails`);
    this.#options.onReport({ kind: "not runnable", functionId, problem });
    return { ok: false, problem: reason };
  }
}

/** That of the function itself, or else that of its layers. */
function bootstrapOf({ codePath }: FunctionDefinition, layers = codePath): RuntimeProgram {
  const own = join(codePath, "bootstrap");
  return { file: existsSync(own) ? own : join(layers, "bootstrap"), args: [] };
}

/** A sentence about the runtime of a function, with its place in the template. */
function locateRuntime({ logicalId, runtimePlace }: FunctionDefinition, problem: string): string {
  return runtimePlace === undefined ? `${logicalId}: ${problem}` : locate(runtimePlace, problem);
}
