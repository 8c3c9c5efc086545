/**
 * The text that tells a sender what became of the message it called `id`. The three counts add up to the targets
 * that were tried: accepted by API Gateway, no longer connected, and not known to be delivered. `complete` is false
 * when there was no time to try every target.
 */
export function receiptFrame(receipt: {
  readonly id: string;
  readonly delivered: number;
  readonly gone: number;
  readonly failed: number;
  readonly complete: boolean;
}): string {
  const { id, delivered, gone, failed, complete } = receipt;
  return JSON.stringify({ relay: "receipt", id, delivered, gone, failed, complete });
}
