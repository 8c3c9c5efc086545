/** Answers "who am I?" in a form that no other client can forge; `id` is the asker's own. */
export interface IdFrame {
  readonly relay: "id";
  readonly id: string;
  readonly connectionId: string;
}
