/** A well-formed id, with its one `=` at the end. */
const CONNECTION_ID = /^[\w-]{15}=$/;

/** The connection that a request's path names. */
export interface NamedConnection {
  readonly connectionId: string;
  readonly wellFormed: boolean;
}

/**
 * Reads the path of a management call, `/{stage}/@connections/{connectionId}`. The SDKs send the id's `=` as `%3D` and
 * the `@` as it is, other tools the other way round: both may come either way. Undefined for any other path.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function connectionOfPath(path: string, stage: string): NamedConnection | undefined {
  const segments = path.split("/");
  const [root, first, resource = "", id = ""] = segments;
  const isCall = segments.length === 4 && root === "" && first === stage && id !== "";
  if (!isCall || decode(resource) !== "@connections") {
    return;
  }
  const connectionId = decode(id);
  return { connectionId, wellFormed: CONNECTION_ID.test(connectionId) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
