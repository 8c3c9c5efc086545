/** What is known of a sent message: a mark that says it at a glance, and a sentence. */
export interface Delivery {
  readonly state: "sending" | "delivered" | "unheard" | "partly" | "failed";
  readonly text: string;
}
