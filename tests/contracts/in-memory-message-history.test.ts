import { InMemoryMessageHistory } from "../support/in-memory-message-history.ts";
import { messageHistoryContract } from "./message-history-contract.ts";

messageHistoryContract("InMemoryMessageHistory", async () => new InMemoryMessageHistory());
