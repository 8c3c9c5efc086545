import { assembleDomain } from "./assemble-domain.ts";

describe("Disconnect", () => {
  test("forgets the connection with its memberships, and leaves the others", async () => {
    const { connect, disconnecting, store } = assembleDomain();
    connect("alice=", { channel: "lobby" });
    connect("bob=", { channel: "lobby" });
    await disconnecting("alice=");
    expect([...store.connections.keys()]).toEqual(["bob="]);
    expect(store.memberships.map(({ connectionId }) => connectionId)).toEqual(["bob="]);
  });

  test("rejects with the store's own error when the store fails", async () => {
    const { disconnecting, store } = assembleDomain();
    store.failure = new Error("The store is away.");
    await expect(disconnecting("alice=")).rejects.toBe(store.failure);
  });

  test("takes an unknown connection for gone", async () => {
    const { disconnecting } = assembleDomain();
    await expect(disconnecting("nobody=")).resolves.toEqual({ failures: [] });
  });
});
