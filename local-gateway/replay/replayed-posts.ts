import type { ManagementAnswer, ManagementCall } from "../invoke/recording-management-api.ts";
import type { Entry } from "../timeline/entry.ts";
import type { PostEffect } from "./effects.ts";
import type { RecordedConnections, RecordedEvent } from "./recorded-steps.ts";

/** The calls of the management API during one event of a replay. */
export class ReplayedPosts {
  readonly posts: PostEffect[] = [];
  readonly #eventId: number;
  readonly #connections: RecordedConnections;
  /** The statuses that calls of the recorded run were answered with and that are not used yet, by method and connection. */
  readonly #statuses: Map<string, number[]>;

  constructor({ entry, posts }: RecordedEvent, connections: RecordedConnections) {
    this.#eventId = entry.id;
    this.#connections = connections;
    this.#statuses = new Map();
    for (const { name = "", connectionId = "", status = 200 } of posts) {
      const key = `${name} ${connectionId}`;
      this.#statuses.set(key, [...(this.#statuses.get(key) ?? []), status]);
    }
  }

  /** Takes a call, and answers it as it was then; one that there was not then by whether the connection was open. */
  answer({ method, connectionId, body }: ManagementCall): ManagementAnswer {
    const opened = this.#connections.openAt(connectionId, this.#eventId);
    const usual = opened === undefined ? 410 : method === "DELETE" ? 204 : 200;
    const status = this.#statuses.get(`${method} ${connectionId}`)?.shift() ?? usual;
    this.posts.push({ method, connectionId, status, body });
    if (status >= 400) {
      const errorType = ERROR_TYPES[status];
      return { status, body: "{}", ...(errorType !== undefined && { errorType }) };
    }
    return method === "GET" ? { status, body: JSON.stringify(describe(opened)) } : { status };
  }
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "BadRequestException",
  403: "ForbiddenException",
  410: "GoneException",
  413: "PayloadTooLargeException",
  429: "LimitExceededException",
  500: "InternalServerErrorException",
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html */
function describe(opened: Entry | undefined): object {
  const { sourceIp = "127.0.0.1", userAgent = null } = opened?.client ?? {};
  const connectedAt = new Date(opened?.time ?? 0).toISOString();
  return { identity: { sourceIp, userAgent }, connectedAt, lastActiveAt: connectedAt };
}
