import { cutText } from "../text.ts";

/** A well-formed id, with its one `=` at the end. */
const CONNECTION_ID = /^[\w-]{15}=$/;
const RESOURCE = "@connections";
/** Characters of a path that are enough for a line of the console. */
const SHOWN_LENGTH = 200;

/** The connection that a request's path names. */
interface NamedConnection {
  readonly connectionId: string;
  readonly wellFormed: boolean;
}

/** The path of a request, as the management API reads it. */
export interface ManagementPath {
  /** What follows the stage and its slash, decoded. Undefined when the path is not the stage's. */
  readonly route?: string;
  /** Of `/{stage}/@connections/{connectionId}` only. */
  readonly connection?: NamedConnection;
  /** True when the path has `@connections` in it, wherever that is. */
  readonly aimsAtConnections: boolean;
}

/**
 * Reads the path of a request. The SDKs send a connection id's `=` as `%3D` and the `@` as it is, other tools the other
 * way round: both may come either way.
 *
 * @param path without the query string
 * @param stage undefined when the path is not the stage's
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function readManagementPath(path: string, stage: string | undefined): ManagementPath {
  const [first, ...segments] = segmentsOf(path);
  const ofStage = first === stage;
  const [resource, connectionId = "", ...more] = segments;
  const named = ofStage && resource === RESOURCE && connectionId !== "" && more.length === 0;
  return {
    ...(ofStage && { route: segments.join("/") }),
    ...(named && {
      connection: { connectionId, wellFormed: CONNECTION_ID.test(connectionId) },
    }),
    aimsAtConnections: first === RESOURCE || segments.includes(RESOURCE),
  };
}

/**
 * What is wrong with the path of a management call, and which path is right, in one line for the console.
 *
 * @param path without the query string
 * @param stages those that the caller may have meant
 */
export function addressProblem(path: string, stages: readonly string[]): string {
  const [only = "", ...others] = stages;
  const stage = others.length === 0 ? only : "{stage}";
  const right = `the right path is /${stage}/${RESOURCE}/{connectionId}, and the endpoint of an SDK ends in /${stage}`;
  return `${cutText(path, SHOWN_LENGTH)}: ${mistakeIn(segmentsOf(path), stages)}; ${right}`;
}

function mistakeIn(
  [first = "", ...segments]: readonly string[],
  stages: readonly string[],
): string {
  const [resource, connectionId = "", ...more] = segments;
  if (first === RESOURCE) {
    return "the stage is missing";
  }
  if (!stages.includes(first)) {
    return `the stage is ${stages.join(" or ")}, not ${cutText(first, SHOWN_LENGTH)}`;
  }
  if (resource === first) {
    return "the stage is there twice";
  }
  if (resource !== RESOURCE) {
    return `there is no ${RESOURCE} behind the stage`;
  }
  if (segments.lastIndexOf(RESOURCE) > 0) {
    return `${RESOURCE} is there twice`;
  }
  if (connectionId === "") {
    return "the connection id is missing";
  }
  return more.length > 0
    ? "there is more behind the connection id"
    : "the management API has POST, GET and DELETE";
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/").slice(1).map(decode);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
