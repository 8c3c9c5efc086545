import { InMemoryFanOutStore } from "../support/in-memory-fan-out-store.ts";
import { fanOutStoreContract } from "./fan-out-store-contract.ts";

fanOutStoreContract("InMemoryFanOutStore", async () => new InMemoryFanOutStore());
