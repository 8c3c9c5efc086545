import { assembleDomain, NOW } from "./assemble-domain.ts";

const RECEIPT = { relay: "receipt", delivered: 0, gone: 0, failed: 0, complete: true };

/** Alice twice and Bob in the lobby, Carol nowhere. */
function assemble(options: Parameters<typeof assembleDomain>[0] = {}) {
  const domain = assembleDomain(options);
  domain.connect("alice1=", { user: "alice", channel: "lobby" });
  domain.connect("alice2=", { user: "alice", channel: "lobby" });
  domain.connect("bob=", { user: "bob", channel: "lobby" });
  domain.connect("carol=", { user: "carol" });
  const left = () => [
    ...domain.store.connections.keys(),
    ...domain.store.memberships.map(({ connectionId }) => connectionId),
  ];
  return { ...domain, left };
}

describe("DisconnectTargets", () => {
  test("sends the reason to each connection of a user, closes it, and forgets it, in this order", async () => {
    const { disconnectTargets, sender, store, left } = assemble();
    store.beforeAccess = (access) => access.startsWith("delete") && sender.tries.push(access);
    const { answer, summary, failures } = await disconnectTargets({
      to: { user: "alice" },
      reason: "spam",
      id: "d1",
    });
    expect(answer).toEqual({ ...RECEIPT, id: "d1", delivered: 2 });
    expect(summary).toMatchObject({ outcomes: { delivered: 2 } });
    expect(failures).toEqual([]);
    for (const id of ["alice1=", "alice2="]) {
      expect(sender.inbox(id)).toEqual(['{"relay":"closed","reason":"spam"}']);
    }
    const closed = sender.tries.lastIndexOf("close alice2=");
    expect(sender.tries.indexOf("send alice1=")).toBeLessThan(
      sender.tries.indexOf("close alice1="),
    );
    expect(sender.tries.indexOf("delete registration")).toBeGreaterThan(
      sender.tries.indexOf("close alice1="),
    );
    expect(closed).toBeGreaterThan(-1);
    expect(left()).toEqual(["bob=", "carol=", "bob="]);
  });

  test.each([
    [{ connection: "bob=" }, 1],
    [{ channel: "lobby" }, 3],
  ])("closes the connections at %j, without a reason when none is given", async (to, delivered) => {
    const { disconnectTargets, frames, sender } = assemble();
    const { answer } = await disconnectTargets({ to });
    expect(answer).toEqual({ ...RECEIPT, delivered, id: undefined });
    expect(frames("bob=")).toEqual([{ relay: "closed" }]);
    expect(await sender.close("bob=")).toBe("gone");
    expect(await sender.close("carol=")).toBe("closed");
  });

  test("counts the characters of a reason, not their halves", async () => {
    const { disconnectTargets, frames } = assemble();
    const reason = "👋".repeat(256);
    await disconnectTargets({ to: { user: "bob" }, reason });
    expect(frames("bob=")).toEqual([{ relay: "closed", reason }]);
  });

  test("closes the sockets, too, of a user whose registration has ended: they may be open", async () => {
    const { connect, disconnectTargets, sender } = assemble();
    connect("dave=", { user: "dave", expiresAt: NOW });
    expect((await disconnectTargets({ to: { user: "dave" } })).answer).toMatchObject({
      delivered: 1,
    });
    expect(await sender.close("dave=")).toBe("gone");
  });

  test("leaves a connection alone whose membership of the channel has ended", async () => {
    const { store, disconnectTargets, sender, left } = assemble();
    store.putMembership({
      connectionId: "carol=",
      channel: "lobby",
      since: 0,
      expiresAt: NOW,
      presence: false,
    });
    expect((await disconnectTargets({ to: { channel: "lobby" } })).answer).toMatchObject({
      delivered: 3,
    });
    expect(sender.tries).not.toContain("close carol=");
    expect(left()).toContain("carol=");
  });

  test("counts a connection that closes as soon as it has the reason", async () => {
    const { disconnectTargets, sender, left } = assemble();
    sender.answerClosesWith("alice1=", "gone");
    const { answer } = await disconnectTargets({ to: { user: "alice" } });
    expect(answer).toMatchObject({ delivered: 2, gone: 0 });
    expect(left()).toEqual(["bob=", "carol=", "bob="]);
  });

  test("counts a connection that is gone, and forgets it", async () => {
    const { disconnectTargets, sender, left } = assemble();
    sender.answerWith("alice1=", "gone");
    sender.answerClosesWith("alice1=", "gone");
    expect((await disconnectTargets({ to: { user: "alice" } })).answer).toMatchObject({
      delivered: 1,
      gone: 1,
    });
    expect(left()).not.toContain("alice1=");
  });

  test("tries throttled calls again, and leaves a connection registered that it could not close", async () => {
    const { disconnectTargets, sender, frames, left } = assemble();
    sender.answerWith("alice1=", "throttled", "delivered");
    sender.answerClosesWith("alice1=", "throttled", "closed");
    sender.answerClosesWith("alice2=", "throttled");
    const { answer } = await disconnectTargets({ to: { user: "alice" } });
    expect(answer).toMatchObject({ delivered: 1, gone: 0, failed: 1 });
    expect(frames("alice1=")).toEqual([{ relay: "closed" }]);
    expect(sender.tries.filter((it) => it === "close alice2=")).toHaveLength(4);
    expect(left()).toContain("alice2=");
    expect(left()).not.toContain("alice1=");
  });

  test("closes a connection although the reason did not arrive, and reports that", async () => {
    const { disconnectTargets, sender } = assemble();
    const failure = new Error("The network is away.");
    sender.answerWith("bob=", failure);
    sender.answerClosesWith("bob=", "closed");
    const { answer, failures } = await disconnectTargets({ to: { user: "bob" } });
    expect(answer).toMatchObject({ delivered: 1 });
    expect(failures).toEqual([failure]);
  });

  test("returns INVALID_MESSAGE when API Gateway does not accept the connection id", async () => {
    const { disconnectTargets, sender } = assemble();
    sender.answerWith("x", "rejected");
    sender.answerClosesWith("x", new Error("DeleteConnection was answered with 400."));
    const { answer, failures } = await disconnectTargets({ to: { connection: "x" } });
    expect(answer).toMatchObject({ relay: "error", code: "INVALID_MESSAGE" });
    expect(failures).toEqual([]);
  });

  test("leaves a connection registered when nobody knows whether it is closed", async () => {
    const { disconnectTargets, sender, left } = assemble();
    sender.answerClosesWith("bob=", new Error("The network is away."));
    const { answer, failures } = await disconnectTargets({ to: { user: "bob" } });
    expect(answer).toMatchObject({ relay: "error", code: "UNAVAILABLE" });
    expect(failures).toHaveLength(1);
    expect(left()).toContain("bob=");
  });

  test("counts a connection as closed that cannot be forgotten, and reports why", async () => {
    const { disconnectTargets, store } = assemble();
    const failure = new Error("The table is away.");
    store.remove = () => Promise.reject(failure);
    const { answer, failures } = await disconnectTargets({ to: { user: "bob" } });
    expect(answer).toMatchObject({ delivered: 1 });
    expect(failures).toEqual([failure]);
  });

  test.each([{ user: "nobody" }, { connection: "nobody=" }])(
    "returns TARGET_GONE when nobody is at %j",
    async (to) => {
      const { disconnectTargets } = assemble();
      expect((await disconnectTargets({ to, id: "d1" })).answer).toMatchObject({
        code: "TARGET_GONE",
        id: "d1",
        requestId: "r2",
      });
    },
  );

  test("says that it is not complete when its time is over before all are closed", async () => {
    let now = NOW;
    const { connect, disconnectTargets, left } = assemble({
      clock: () => {
        now += 100;
        return now;
      },
    });
    for (let index = 0; index < 100; index += 1) {
      connect(`member${index}=`, { channel: "crowd" });
    }
    const { answer } = await disconnectTargets({ to: { channel: "crowd" } }, NOW + 3000);
    expect(answer).toMatchObject({ relay: "receipt", complete: false });
    expect(left()).toContain("member99=");
  });

  test.each([
    [null, '"disconnect" must be a JSON object'],
    [{}, '"to" must have exactly one member'],
    [{ to: "bob=" }, '"to" must have exactly one member'],
    [{ to: { user: "a b" } }, '"to" has a "user"'],
    [{ to: { user: "bob" }, reason: 5 }, '"reason" must be a string'],
    [{ to: { user: "bob" }, reason: "x".repeat(257) }, '"reason" must be a string'],
    [{ to: { user: "bob" }, reason: "👋".repeat(257) }, '"reason" must be a string'],
    [{ to: { user: "bob" }, id: "" }, '"id" must be a string'],
  ])("rejects %j, and closes nobody", async (request, sentence) => {
    const { disconnectTargets, sender } = assemble();
    expect((await disconnectTargets(request)).answer).toMatchObject({
      code: "INVALID_MESSAGE",
      message: expect.stringContaining(sentence),
    });
    expect(sender.tries).toEqual([]);
  });
});

describe("UnsubscribeTargets", () => {
  test("takes the connections of a user out of the channel, and notifies those that were in it", async () => {
    const { connect, unsubscribeTargets, relayFrom, frames, store } = assemble();
    connect("alice3=", { user: "alice", channel: "library" });
    const { answer } = await unsubscribeTargets({
      to: { user: "alice" },
      channel: "lobby",
      id: "u1",
    });
    expect(answer).toEqual({ ...RECEIPT, id: "u1", delivered: 2 });
    for (const id of ["alice1=", "alice2="]) {
      expect(frames(id)).toEqual([{ relay: "unsubscribed", channel: "lobby" }]);
    }
    expect(frames("alice3=")).toEqual([]);
    expect(store.memberships).toMatchObject([
      { connectionId: "bob=", channel: "lobby" },
      { connectionId: "alice3=", channel: "library" },
    ]);
    await relayFrom("alice1=", { forward: { channel: "lobby" }, data: 1 });
    expect(frames("alice1=").at(-1)).toMatchObject({ code: "FORBIDDEN" });
  });

  test.each([
    [{ connection: "bob=" }, 1],
    [{ channel: "lobby" }, 3],
    [{ user: "carol" }, 0],
    [{ user: "nobody" }, 0],
    [{ connection: "nobody=" }, 0],
    [{ channel: "nowhere" }, 0],
  ])("takes %j out of the lobby: %i of them were in it", async (to, delivered) => {
    const { unsubscribeTargets, store } = assemble();
    const { answer } = await unsubscribeTargets({ to, channel: "lobby", id: "u1" });
    expect(answer).toEqual({ ...RECEIPT, id: "u1", delivered });
    expect(store.memberships).toHaveLength(3 - delivered);
  });

  test("counts a connection that is gone, and forgets it as after every message", async () => {
    const { unsubscribeTargets, sender, left } = assemble();
    sender.answerWith("bob=", "gone");
    const to = { user: "bob" };
    expect((await unsubscribeTargets({ to, channel: "lobby" })).answer).toMatchObject({ gone: 1 });
    expect(left()).not.toContain("bob=");
  });

  test.each(["throttled", new Error("The network is away.")])(
    "returns a receipt when the membership is gone and the frame ends with: %s",
    async (outcome) => {
      const { unsubscribeTargets, sender, store } = assemble();
      sender.answerWith("bob=", outcome as "throttled" | Error);
      const { answer } = await unsubscribeTargets({ to: { user: "bob" }, channel: "lobby" });
      expect(answer).toEqual({ ...RECEIPT, failed: 1 });
      expect(store.memberships).toHaveLength(2);
    },
  );

  test("counts and notifies a connection of which nobody knows whether it was in the channel", async () => {
    const { unsubscribeTargets, store, frames } = assemble();
    store.leave = async () => "unknown";
    const { answer } = await unsubscribeTargets({ to: { user: "bob" }, channel: "lobby" });
    expect(answer).toMatchObject({ delivered: 1 });
    expect(frames("bob=")).toEqual([{ relay: "unsubscribed", channel: "lobby" }]);
  });

  test("returns UNAVAILABLE when the table is away, and reports why", async () => {
    const { unsubscribeTargets, store, sender } = assemble();
    const failure = new Error("The table is away.");
    store.leave = () => Promise.reject(failure);
    const { answer, failures } = await unsubscribeTargets({
      to: { user: "bob" },
      channel: "lobby",
    });
    expect(answer).toMatchObject({ code: "UNAVAILABLE" });
    expect(failures).toEqual([failure]);
    expect(sender.tries).toEqual([]);
  });

  test.each([
    [5, '"unsubscribe" must be a JSON object'],
    [{ channel: "lobby" }, '"to" must have exactly one member'],
    [{ to: { user: "bob" } }, '"channel" must be a name'],
    [{ to: { user: "bob" }, channel: ["lobby"] }, '"channel" must be a name'],
    [{ to: { user: "bob" }, channel: "lobby", id: 5 }, '"id" must be a string'],
  ])("rejects %j", async (request, sentence) => {
    const { unsubscribeTargets, store } = assemble();
    expect((await unsubscribeTargets(request)).answer).toMatchObject({
      code: "INVALID_MESSAGE",
      message: expect.stringContaining(sentence),
    });
    expect(store.memberships).toHaveLength(3);
  });
});

describe("Publish, with a messageId of the backend's,", () => {
  test("sends it with the message, so that receivers recognise a repetition", async () => {
    const { publish, frames } = assemble();
    const publication = { to: { user: "bob" }, data: 1, messageId: "invoice-7" };
    await publish(publication);
    await publish(publication);
    expect(frames("bob=")).toMatchObject([{ messageId: "invoice-7" }, { messageId: "invoice-7" }]);
  });

  test.each(["", 5, null, "x".repeat(129)])("rejects %j", async (messageId) => {
    const { publish, sender } = assemble();
    const { answer } = await publish({ to: { user: "bob" }, data: 1, messageId });
    expect(answer).toMatchObject({
      code: "INVALID_MESSAGE",
      message: '"messageId" must be a string of 1 to 128 characters.',
    });
    expect(sender.tries).toEqual([]);
  });
});
