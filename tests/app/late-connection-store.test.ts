import { LateConnectionStore } from "../../src/app/late-connection-store.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";

describe("LateConnectionStore", () => {
  test("loads its store once, and not before it is asked for something", async () => {
    let loads = 0;
    const store = new LateConnectionStore(async () => {
      loads += 1;
      return new InMemoryConnectionStore();
    });
    expect(loads).toBe(0);
    await Promise.all([store.remove("alice="), store.remove("bob=")]);
    await store.remove("carol=");
    expect(loads).toBe(1);
  });

  test("rejects as its loading does", async () => {
    const store = new LateConnectionStore(() => Promise.reject(new Error("No such file.")));
    await expect(store.remove("alice=")).rejects.toThrow("No such file.");
    await expect(store.findAll({ user: "alice" }, 0).next()).rejects.toThrow("No such file.");
  });
});
