import { LateConnectionStore } from "../../src/app/late-connection-store.ts";
import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { connectionStoreContract } from "./connection-store-contract.ts";

connectionStoreContract("LateConnectionStore", async () => {
  const store = new InMemoryConnectionStore();
  return {
    store: new LateConnectionStore(async () => store),
    find: async (connectionId) => store.connections.get(connectionId),
  };
});
