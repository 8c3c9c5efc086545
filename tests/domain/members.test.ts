import { assembleDomain, NOW } from "./assemble-domain.ts";

interface Frame {
  readonly members: readonly { readonly connectionId: string; readonly user?: string }[];
  readonly next?: string;
}

/** The most bytes that a `members` frame may have. */
const MOST_BYTES = 32 * 1024;

/** All pages, as the sender of the question receives them. */
async function pagesOf({ membersFrom, sender }: ReturnType<typeof assembleDomain>) {
  const texts: string[] = [];
  let after: string | undefined;
  do {
    await membersFrom("asker=", { channel: "lobby", after });
    const text = sender.inbox("asker=").at(-1) ?? "";
    texts.push(text);
    after = (JSON.parse(text) as Frame).next;
  } while (after !== undefined);
  return texts;
}

describe("ListMembers", () => {
  test("lists who is in the channel, with users, since when and for how long", async () => {
    const { connect, membersFrom, sender } = assembleDomain();
    connect("bob=", { user: "bob", channel: "lobby", registeredAt: NOW - 5000 });
    connect("alice=", { channel: "lobby", expiresAt: NOW + 7500 });
    connect("carol=", { user: "carol", channel: "library" });
    await membersFrom("alice=", { channel: "lobby", id: "q1" });
    await membersFrom("alice=", { channel: "lobby" });
    const members =
      '"members":[{"connectionId":"alice=","since":0,"expiresIn":7},{"connectionId":"bob=","user":"bob","since":1795341595000,"expiresIn":60}]';
    expect(sender.inbox("alice=")).toEqual([
      `{"relay":"members","channel":"lobby",${members},"id":"q1"}`,
      `{"relay":"members","channel":"lobby",${members}}`,
    ]);
  });

  test("lists a large channel in pages of at most 100 members, each once", async () => {
    const domain = assembleDomain();
    const ids = Array.from({ length: 250 }, (_, index) => `member-${index}=`);
    for (const id of ids) {
      domain.connect(id, { channel: "lobby" });
    }
    domain.connect("asker=", { channel: "lobby" });
    const pages = (await pagesOf(domain)).map((text) => (JSON.parse(text) as Frame).members);
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 51]);
    const listed = pages.flat().map(({ connectionId }) => connectionId);
    expect(listed.sort()).toEqual([...ids, "asker="].sort());
  });

  test("keeps every frame below 32 KB, however long the names are", async () => {
    const domain = assembleDomain();
    // Each letter takes four bytes.
    const longest = "\u{10400}".repeat(64);
    const ids = Array.from({ length: 150 }, (_, index) => `${index}`.padStart(128, "x"));
    for (const id of ids) {
      domain.connect(id, { user: longest, channel: "lobby" });
    }
    domain.connect("asker=", { channel: "lobby" });
    const texts = await pagesOf(domain);
    for (const text of texts) {
      expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
    }
    const listed = texts.flatMap((text) => (JSON.parse(text) as Frame).members);
    expect(listed.map(({ connectionId }) => connectionId).sort()).toEqual(
      [...ids, "asker="].sort(),
    );
    // Not one page more than it takes.
    expect(texts).toHaveLength(3);
  });

  test("lists nobody whose membership has ended, though it is still there", async () => {
    const { connect, membersFrom, frames } = assembleDomain();
    connect("alice=", { channel: "lobby" });
    connect("ghost=", { channel: "lobby", expiresAt: NOW });
    await membersFrom("alice=", { channel: "lobby" });
    expect(frames("alice=")).toMatchObject([{ members: [{ connectionId: "alice=" }] }]);
  });

  test.each([
    ["FORBIDDEN", "is not in the channel", { channel: "library" }],
    ["FORBIDDEN", "was in the channel", { channel: "attic" }],
    ["INVALID_MESSAGE", "names no channel", {}],
    ["INVALID_MESSAGE", "names several", { channel: ["lobby"] }],
    ["INVALID_MESSAGE", "has a cursor that is none", { channel: "lobby", after: "a/b" }],
    ["INVALID_MESSAGE", "has a cursor that is null", { channel: "lobby", after: null }],
    ["INVALID_MESSAGE", "has an empty id", { channel: "lobby", id: "" }],
  ])("answers %s to a client that %s", async (code, _, message) => {
    const { connect, membersFrom, store, frames } = assembleDomain();
    connect("alice=", { channel: "lobby" });
    connect("bob=", { channel: "library" });
    store.putMembership({
      connectionId: "alice=",
      channel: "attic",
      since: 0,
      expiresAt: NOW,
      presence: false,
    });
    await membersFrom("alice=", message);
    expect(frames("alice=")).toMatchObject([{ relay: "error", code }]);
  });

  test("answers NOT_REGISTERED to a connection that is not registered", async () => {
    const { membersFrom, sender, frames } = assembleDomain();
    sender.connect("stranger=");
    await membersFrom("stranger=", { channel: "lobby" });
    expect(frames("stranger=")).toMatchObject([{ code: "NOT_REGISTERED" }]);
  });

  test.each(["get membership", "query members"])(
    "answers UNAVAILABLE and reports why when the store fails at: %s",
    async (failing) => {
      const { connect, membersFrom, store, frames } = assembleDomain();
      connect("alice=", { channel: "lobby" });
      const failure = new Error("The store is away.");
      store.beforeAccess = (access) => {
        if (access === failing) {
          throw failure;
        }
      };
      const report = await membersFrom("alice=", { channel: "lobby" });
      expect(frames("alice=")).toMatchObject([{ code: "UNAVAILABLE" }]);
      expect(report.failures).toEqual([failure]);
    },
  );

  test("returns a page to a backend, which need not be in the channel", async () => {
    const { connect, members } = assembleDomain();
    connect("alice=", { user: "alice", channel: "lobby" });
    connect("bob=", { channel: "lobby" });
    const { answer, failures } = await members({ channel: "lobby", after: "alice=", id: "q1" });
    expect(answer).toMatchObject({
      relay: "members",
      channel: "lobby",
      members: [{ connectionId: "bob=" }],
      id: "q1",
    });
    expect(failures).toEqual([]);
  });

  test("returns INVALID_MESSAGE, or UNAVAILABLE with the reason, to a backend", async () => {
    const { members, store } = assembleDomain();
    expect((await members({ channel: "a b", id: "q1" })).answer).toMatchObject({
      code: "INVALID_MESSAGE",
      id: "q1",
      requestId: "r2",
    });
    expect((await members(null)).answer).toMatchObject({
      message: '"members" must be a JSON object.',
    });
    store.failure = new Error("The store is away.");
    const { answer, failures } = await members({ channel: "lobby" });
    expect(answer).toMatchObject({ code: "UNAVAILABLE" });
    expect(failures).toEqual([store.failure]);
  });
});
