import { Inbox } from "../local-gateway/support/inbox.ts";
import { InMemoryJobQueue } from "../support/in-memory-job-queue.ts";
import { jobQueueContract } from "./job-queue-contract.ts";

jobQueueContract("InMemoryJobQueue", async () => {
  const queue = new InMemoryJobQueue();
  const ran = new Inbox<unknown>();
  queue.run = (job) => ran.put(job);
  return { queue, next: () => ran.take() };
});
