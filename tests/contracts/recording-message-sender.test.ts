import { RecordingMessageSender } from "../support/recording-message-sender.ts";
import { messageSenderContract } from "./message-sender-contract.ts";

messageSenderContract("RecordingMessageSender", async () => {
  const sender = new RecordingMessageSender();
  const connected: string[] = [];
  return {
    sender,
    async connect() {
      const connectionId = `connection-${connected.length}=`;
      connected.push(connectionId);
      sender.connect(connectionId);
      let taken = 0;
      return {
        connectionId,
        take: async () => sender.inbox(connectionId)[taken++] ?? "nothing arrived",
        close: async () => sender.answerWith(connectionId, "gone"),
      };
    },
    async breakDown() {
      for (const connectionId of connected) {
        sender.answerWith(connectionId, new Error("The network is away."));
      }
    },
  };
});
