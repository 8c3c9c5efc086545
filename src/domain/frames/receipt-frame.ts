/**
 * Tells a sender what became of the message it called `id`. The three counts add up to the targets that were tried:
 * accepted by API Gateway, no longer connected, and not known to be delivered. `complete` is false when not every
 * target could be found and tried.
 */
export interface ReceiptFrame {
  readonly relay: "receipt";
  readonly id: string | undefined;
  readonly delivered: number;
  readonly gone: number;
  readonly failed: number;
  readonly complete: boolean;
}
