import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { connectionStoreContract } from "./connection-store-contract.ts";

connectionStoreContract("InMemoryConnectionStore", async () => {
  const store = new InMemoryConnectionStore();
  return { store, find: async (connectionId) => store.connections.get(connectionId) };
});
