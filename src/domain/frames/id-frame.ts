/**
 * Answers "who am I?" in a form that no other client can forge, and proves that the connection is registered; `id` is
 * the asker's own. `expiresIn` is how long the registration, or the connection's place in a channel, lasts from now on,
 * in whole seconds: clocks differ.
 */
export interface IdFrame {
  readonly relay: "id";
  readonly id: string;
  readonly connectionId: string;
  readonly user: string | undefined;
  readonly expiresIn: number;
  readonly channels: readonly { readonly channel: string; readonly expiresIn: number }[];
}
