import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Something that the function can be asked to do, and the calls that it may make for it. */
export interface Operation {
  readonly what: string;
  readonly event: object;
  /** The operations of DynamoDB, sorted by name. */
  readonly database: readonly string[];
  /** How many posts to connections. */
  readonly posts: number;
}

/** Connections that are open, by their ids. */
interface OpenConnections {
  readonly sender: string;
  /** Everyone in the sender's channel but the sender, all with the same user name. */
  readonly others: readonly string[];
  readonly channel: string;
  readonly user: string;
}

/** A connection id that no connection has. */
const GONE = "AAAAAAAAAAAAAAA=";
const EVENTS = join(import.meta.dirname, "..", "events");

/**
 * Every operation of the protocol, with what docs/protocol.md says that it costs; or those that cost something else where
 * history is on.
 */
export async function operations(
  open: OpenConnections,
  { history }: { readonly history: boolean },
): Promise<readonly Operation[]> {
  const { sender, others, channel, user } = open;
  const [other = ""] = others;
  const event = async (name: string): Promise<{ requestContext: object }> =>
    JSON.parse(await readFile(join(EVENTS, `${name}.json`), "utf8"));
  const [connecting, message, unknown, disconnecting] = await Promise.all(
    ["connect", "forward", "unknown-route", "disconnect"].map(event),
  );
  const from = (base: typeof connecting, members: object = {}) => ({
    ...base,
    requestContext: { ...base?.requestContext, connectionId: sender },
    ...members,
  });
  const send = (members: object) =>
    from(message, { body: JSON.stringify({ action: "sendMessageRoute", data: "x", ...members }) });
  const ask = (members: { readonly action: string } & Readonly<Record<string, unknown>>) => {
    const { action: routeKey } = members;
    const { requestContext } = from(message);
    return {
      ...from(message, { body: JSON.stringify(members) }),
      requestContext: { ...requestContext, routeKey },
    };
  };
  const named = { user: ["a"], channel: ["b"] };
  const found = ["GetItem", "Query"];
  if (history) {
    return [
      {
        what: "history on: forward to a channel",
        event: send({ forward: { channel } }),
        database: [...found, "PutItem", "UpdateItem"].sort(),
        posts: others.length,
      },
      {
        what: "history on: forward to a channel, with keep: false",
        event: send({ forward: { channel }, keep: false }),
        database: found,
        posts: others.length,
      },
      {
        what: "history on: publish to a channel",
        event: { publish: { to: { channel }, data: "x" } },
        database: ["PutItem", "Query", "UpdateItem"],
        posts: others.length + 1,
      },
      {
        what: "history on: who am I, with positions",
        event: send({ id: "1", positions: true }),
        database: ["BatchGetItem", "Query"],
        posts: 1,
      },
      {
        what: "history on: subscribe to a channel",
        event: ask({ action: "subscribe", channel: "games", id: "1" }),
        database: ["BatchGetItem", "GetItem", "PutItem", "Query"],
        posts: 1,
      },
      {
        what: "read history",
        event: ask({ action: "history", channel, after: 0 }),
        database: ["BatchGetItem", ...found],
        posts: 1,
      },
      {
        what: "read history, for a backend",
        event: { history: { channel, last: 50 } },
        database: ["BatchGetItem", "Query"],
        posts: 0,
      },
    ];
  }
  return [
    {
      what: "connect",
      event: { ...connecting, multiValueQueryStringParameters: named },
      database: ["BatchWriteItem"],
      posts: 0,
    },
    {
      what: "disconnect",
      event: { ...disconnecting },
      database: ["BatchWriteItem", "DeleteItem", "Query"],
      posts: 0,
    },
    { what: "who am I", event: send({}), database: [], posts: 1 },
    { what: "who am I, with an id", event: send({ id: "1" }), database: ["Query"], posts: 1 },
    { what: "forward raw", event: send({ forward: other }), database: [], posts: 1 },
    {
      what: "forward to a connection",
      event: send({ forward: { connection: other } }),
      database: ["GetItem", "GetItem"],
      posts: 1,
    },
    {
      what: "forward to a user",
      event: send({ forward: { user } }),
      database: found,
      posts: others.length,
    },
    {
      what: "forward to a channel",
      event: send({ forward: { channel } }),
      database: found,
      posts: others.length,
    },
    {
      what: "publish to a connection",
      event: { publish: { to: { connection: other }, data: "x" } },
      database: ["GetItem"],
      posts: 1,
    },
    {
      what: "publish to a channel",
      event: { publish: { to: { channel }, data: "x" } },
      database: ["Query"],
      posts: others.length + 1,
    },
    {
      what: "a gone target, and the error",
      event: send({ forward: GONE }),
      database: ["Query"],
      posts: 2,
    },
    { what: "a receipt", event: send({ forward: other, id: "1" }), database: [], posts: 2 },
    { what: "an error", event: send({ forward: 1 }), database: [], posts: 1 },
    { what: "an undefined route", event: from(unknown), database: [], posts: 0 },
    {
      what: "subscribe to a channel",
      event: ask({ action: "subscribe", channel: "games", id: "1" }),
      database: ["GetItem", "PutItem", "Query"],
      posts: 1,
    },
    {
      what: "subscribe to three channels",
      event: ask({ action: "subscribe", channel: ["games", "news", "board"], id: "1" }),
      database: ["BatchWriteItem", "GetItem", "Query"],
      posts: 1,
    },
    {
      what: "list members",
      event: ask({ action: "members", channel, id: "1" }),
      database: found,
      posts: 1,
    },
    {
      what: "unsubscribe",
      event: ask({ action: "unsubscribe", channel: "games", id: "1" }),
      database: ["DeleteItem", "Query"],
      posts: 1,
    },
    {
      what: "list members, for a backend",
      event: { members: { channel } },
      database: ["Query"],
      posts: 0,
    },
    {
      what: "unsubscribe a connection, for a backend",
      event: { unsubscribe: { to: { connection: other }, channel } },
      database: ["DeleteItem"],
      posts: 1,
    },
    // The last ones: they close what they are about.
    {
      what: "disconnect a connection, for a backend",
      event: { disconnect: { to: { connection: other } } },
      database: ["DeleteItem", "Query"],
      posts: 2,
    },
    {
      what: "disconnect a channel, for a backend",
      event: { disconnect: { to: { channel } } },
      database: [
        ...Array.from({ length: others.length }, () => "BatchWriteItem"),
        ...Array.from({ length: others.length }, () => "DeleteItem"),
        ...Array.from({ length: others.length + 1 }, () => "Query"),
      ],
      posts: 2 * others.length,
    },
  ];
}

/** The calls that operations made, as the lines of a Markdown table. */
export function describeCalls(made: readonly Omit<Operation, "event">[]): readonly string[] {
  const rows = made.map(
    ({ what, database, posts }) => `| ${what} | ${database.join(", ") || "–"} | ${posts || "–"} |`,
  );
  return ["| operation | DynamoDB | posts |", "|---|---|---|", ...rows];
}
