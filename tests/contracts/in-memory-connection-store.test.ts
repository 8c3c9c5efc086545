import { InMemoryConnectionStore } from "../support/in-memory-connection-store.ts";
import { connectionStoreContract } from "./connection-store-contract.ts";

connectionStoreContract("InMemoryConnectionStore", async () => new InMemoryConnectionStore());
