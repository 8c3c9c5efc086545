import { relative } from "node:path";

/**
 * What kind of problem a template has.
 *
 * - `TEMPLATE_UNREADABLE`: the file cannot be read, or is neither YAML nor JSON.
 * - `TEMPLATE_INVALID`: the template is wrong. AWS rejects it, or deploys something that does not work.
 * - `TEMPLATE_UNSUPPORTED`: the template may run on AWS, but not here: it has no WebSocket API, or needs something else
 *   that the local gateway does not have.
 * - `TEMPLATE_PARAMETER_INVALID`: the value of a parameter is missing, or the parameter or a rule does not allow it.
 */
export type TemplateErrorCode =
  | "TEMPLATE_UNREADABLE"
  | "TEMPLATE_INVALID"
  | "TEMPLATE_UNSUPPORTED"
  | "TEMPLATE_PARAMETER_INVALID";

/** A place in a template. */
export interface TemplatePlace {
  /** The absolute path of the template. */
  readonly file: string;
  /** From 1 on; absent when the file could not be read. */
  readonly line?: number;
  /** The logical id; absent when the place is not in a resource. */
  readonly resource?: string;
  /** The keys and indexes below the resource, or from the top of the template, for example `Properties.CodeUri`. */
  readonly property?: string;
}

/**
 * A template that cannot be run here. Match on `code`, never on the message, which is one sentence for people: the place,
 * then the problem.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly code: TemplateErrorCode;
  /** The absolute path of the template. */
  readonly file: string;
  /** From 1 on; undefined when the file could not be read. */
  readonly line: number | undefined;
  /** The logical id; undefined when the problem is not in a resource. */
  readonly resource: string | undefined;
  /** The keys and indexes below the resource, or from the top of the template; undefined when it is about all of it. */
  readonly property: string | undefined;

  constructor(
    code: TemplateErrorCode,
    place: TemplatePlace,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(locate(place, problem), options);
    this.code = code;
    this.file = place.file;
    this.line = place.line;
    this.resource = place.resource;
    this.property = place.property;
  }
}

/** The message with the file, the line, the resource and the property in front of it. */
export function locate({ file, line, resource, property }: TemplatePlace, message: string): string {
  // A file that cannot be read may be missing because the working directory is another one: its whole path helps.
  const position = line === undefined ? file : `${shortest(file)}:${line}`;
  const inside = [resource, property].filter((name) => name !== undefined).join(", ");
  return [position, inside, message].filter((part) => part !== "").join(": ");
}

/** The path from the working directory, or the whole path when the file is outside it. */
function shortest(file: string): string {
  const path = relative("", file);
  return path.startsWith("..") ? file : path;
}

/** What `read` returns, or the TemplateError that it throws. Any other error passes through. */
export function attempt<Value>(
  read: () => Value,
): { readonly ok: true; readonly value: Value } | { readonly ok: false; error: TemplateError } {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof TemplateError) {
      return { ok: false, error };
    }
    throw error;
  }
}
